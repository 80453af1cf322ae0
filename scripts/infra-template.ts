/**
 * `pnpm infra-template` writes deploy/infra/prebake.yaml, the CloudFormation template, from the policies in deploy/infra/iam. `--check` says whether it is
 * out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { infraTemplate } from './infra/infra-template.ts'

const folder = join(import.meta.dirname, '../deploy/infra')
const file = join(folder, 'prebake.yaml')
const header = `# Generated from iam/*.json and access-entry.json by \`npx pnpm@12 infra-template\`; \`make setup-infra\` creates a stack of it.\n`
// Whoever reads YAML 1.1, as many tools do, would take an unquoted 2012-10-17 for a date.
const written = header + stringify(infraTemplate(folder), { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' })
if (!process.argv.includes('--check')) writeFileSync(file, written)
else if (readFileSync(file, 'utf8') !== written) {
  console.error(`${file}: out of date. Run \`pnpm infra-template\`.`)
  process.exitCode = 1
}
