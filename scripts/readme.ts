/** `pnpm readme` writes the tables of inputs and outputs into each action's README, from its action.yml; `--check` tells when one is out of date. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

interface Entry {
  readonly description: string
  readonly required?: boolean
  readonly default?: string
}

const actions = join(import.meta.dirname, '../actions')
const markers = { start: '<!-- generated from action.yml: start -->', end: '<!-- generated from action.yml: end -->' }

const stale: string[] = []
for (const action of readdirSync(actions, { withFileTypes: true })) {
  if (!action.isDirectory() || action.name === 'dist' || action.name === 'node_modules') continue
  const file = join(actions, action.name, 'README.md')
  const text = readFileSync(file, 'utf8')
  const [before, rest] = text.split(markers.start)
  const after = rest?.split(markers.end)[1]
  if (before === undefined || after === undefined) throw new Error(`${file} lacks the markers of the generated part.`)
  const written = `${before}${markers.start}\n${tables(readFileSync(join(actions, action.name, 'action.yml'), 'utf8'))}\n${markers.end}${after}`
  if (written === text) continue
  if (process.argv.includes('--check')) stale.push(file)
  else writeFileSync(file, written)
}
if (stale.length > 0) {
  console.error(`${stale.join(', ')}: out of date. Run \`pnpm readme\`.`)
  process.exitCode = 1
}

function tables(actionYml: string): string {
  const { inputs = {}, outputs = {} } = parse(actionYml) as { inputs?: Record<string, Entry>; outputs?: Record<string, Entry> }
  const inputRows = Object.entries(inputs).map(
    ([name, input]) => `| \`${name}\` | ${cell(input.description)} | ${input.required ? '**required**' : shown(input.default)} |`,
  )
  const outputRows = Object.entries(outputs).map(([name, output]) => `| \`${name}\` | ${cell(output.description)} |`)
  return [
    '### Inputs',
    '',
    '| input | | default |',
    '|---|---|---|',
    ...inputRows,
    '',
    '### Outputs',
    '',
    '| output | |',
    '|---|---|',
    ...outputRows,
  ].join('\n')
}

function shown(value: string | undefined): string {
  return value === undefined || value === '' ? '' : `\`${value}\``
}

function cell(text: string): string {
  return text.trim().replaceAll('|', '\\|').replaceAll('\n', ' ')
}
