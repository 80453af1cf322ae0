/**
 * `pnpm readme` writes the generated parts of the documentation: the tables of inputs and outputs from each action.yml, the preflight's
 * rules, the workflows' permissions, and the error codes.
 * docs/report.schema.json is generated as a whole.
 * `--check` says which files are out of date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diagnosisTables } from './readme/diagnosis-tables.ts'
import { errorTables } from './readme/error-tables.ts'
import { inputTables } from './readme/input-tables.ts'
import { reportSchemaText } from './readme/report-schema-text.ts'
import { permissionTables } from './readme/permission-tables.ts'
import { planningTables } from './readme/planning-tables.ts'
import { ruleTables } from './readme/rule-tables.ts'

interface GeneratedPart {
  readonly file: string
  /** Between `<!-- generated from …: start -->` and `end`. */
  readonly source: string
  readonly text: string
}

const root = join(import.meta.dirname, '..')

const actions = readdirSync(join(root, 'actions'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['dist', 'node_modules'].includes(entry.name))
  .map(({ name }) => name)

const parts: readonly GeneratedPart[] = [
  ...actions.map((name) => ({
    file: `actions/${name}/README.md`,
    source: 'action.yml',
    text: inputTables(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')),
  })),
  { file: 'actions/diagnose-startup/README.md', source: 'the rules', text: diagnosisTables() },
  { file: 'docs/planning.md', source: 'the planner', text: planningTables() },
  { file: 'docs/preflight.md', source: 'the rules', text: ruleTables() },
  { file: 'docs/workflows.md', source: 'the workflows', text: permissionTables() },
  { file: 'docs/errors.md', source: 'the error codes', text: errorTables() },
]

/** Files that are generated from the first line to the last. */
const files: readonly Pick<GeneratedPart, 'file' | 'text'>[] = [{ file: 'docs/report.schema.json', text: reportSchemaText() }]

const stalePart = parts.filter(({ file, source, text }) => {
  const path = join(root, file)
  const current = readFileSync(path, 'utf8')
  const [start, end] = ['start', 'end'].map((edge) => `<!-- generated from ${source}: ${edge} -->`) as [string, string]
  const [before, rest] = current.split(start)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`${file} lacks the markers of the generated part.`)
  const written = `${before}${start}\n${text}\n${end}${after}`
  if (written === current) return false
  if (!process.argv.includes('--check')) writeFileSync(path, written)
  return true
})
const staleFile = files.filter(({ file, text }) => {
  const path = join(root, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false
  if (!process.argv.includes('--check')) writeFileSync(path, text)
  return true
})
const stale = [...stalePart, ...staleFile]

if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`${stale.map(({ file }) => file).join(', ')}: out of date. Run \`pnpm readme\`.`)
  process.exitCode = 1
}
