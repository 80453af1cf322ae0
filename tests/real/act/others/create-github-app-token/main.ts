import { appendFileSync } from 'node:fs'

const refuse = (words: string): never => {
  console.log(`::error::${words}`)
  process.exit(1)
}
const input = (name: string) => process.env[`INPUT_${name.toUpperCase()}`] ?? ''
if (input('client-id') === '') refuse("The 'client-id' input must be set to a non-empty string.")
if (!input('private-key').includes('PRIVATE KEY')) refuse('A JSON web token could not be decoded')
// lib/get-permissions-from-inputs.js of the real one: every such variable that is not empty, whether it is a declared input or not.
const permissions = Object.entries(process.env)
  .filter(([name, value]) => name.startsWith('INPUT_PERMISSION-') && value !== '')
  .map(([name, value]) => `${name.slice('INPUT_PERMISSION-'.length).toLowerCase().replaceAll('-', '_')}:${value}`)
  .filter((permission) => permission !== 'metadata:read')
  .toSorted()
  .join(' ')
const tokens = JSON.parse(process.env['PREBAKE_ACT_TOKENS'] ?? '{}') as Record<string, string>
const token = tokens[permissions] ?? refuse(`The permissions requested are not granted to this installation: ${permissions}`)
console.log(`::add-mask::${token}`)
appendFileSync(process.env['GITHUB_OUTPUT'] ?? '', `token=${token}\n`)
