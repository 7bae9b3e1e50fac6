// Reads a push as a push service and a browser do, with implementations that are not ours: the VAPID token by Node's own cryptography
// (RFC 8292), the body by http_ece (RFC 8188, RFC 8291).
// Standard input: {"body", "authorization", "privateKey", "auth"}, all but the second in base64url.
// Standard output: {"claims", "text"}, the text in base64url. Exit code 1 if the token's signature is wrong; a body that cannot be read throws.
import { createECDH, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import ece from 'http_ece'

const push = JSON.parse(readFileSync(0, 'utf8'))

const [, token, key] = /^vapid t=([^,]+), ?k=(\S+)$/.exec(push.authorization)
const point = Buffer.from(key, 'base64url')
const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') }
const [header, payload, signature] = token.split('.')
const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
const signed = verify('sha256', Buffer.from(`${header}.${payload}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
if (!signed || JSON.parse(Buffer.from(header, 'base64url')).alg !== 'ES256') process.exit(1)

const receiver = createECDH('prime256v1')
receiver.setPrivateKey(Buffer.from(push.privateKey, 'base64url'))
const text = ece.decrypt(Buffer.from(push.body, 'base64url'), {
  version: 'aes128gcm', privateKey: receiver, authSecret: Buffer.from(push.auth, 'base64url')
})
console.log(JSON.stringify({ claims: JSON.parse(Buffer.from(payload, 'base64url')), text: text.toString('base64url') }))
