// Decrypts a push body as a browser does, with an implementation that is not ours (RFC 8188, RFC 8291).
// Standard input: {"body", "privateKey", "auth"} in base64url. Standard output: the plaintext.
import { createECDH } from 'node:crypto'
import { readFileSync } from 'node:fs'
import ece from 'http_ece'

const { body, privateKey, auth } = JSON.parse(readFileSync(0, 'utf8'))
const receiver = createECDH('prime256v1')
receiver.setPrivateKey(Buffer.from(privateKey, 'base64url'))
process.stdout.write(ece.decrypt(Buffer.from(body, 'base64url'), { version: 'aes128gcm', privateKey: receiver, authSecret: auth }))
