/**
 * `pnpm readme` writes the generated parts of the documentation: the tables of inputs and outputs from each action.yml, the preflight's
 * rules, and the error codes.
 * `--check` says which files are out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diagnosisTables } from './readme/diagnosis-tables.ts'
import { errorTables } from './readme/error-tables.ts'
import { inputTables } from './readme/input-tables.ts'
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
  { file: 'docs/errors.md', source: 'the error codes', text: errorTables() },
]

const stale = parts.filter(({ file, source, text }) => {
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

if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`${stale.map(({ file }) => file).join(', ')}: out of date. Run \`pnpm readme\`.`)
  process.exitCode = 1
}
