import { parse } from 'yaml'

interface Entry {
  readonly description: string
  readonly required?: boolean
  readonly default?: string
}

/** The inputs and outputs of an action as Markdown. */
export function inputTables(actionYml: string): string {
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
