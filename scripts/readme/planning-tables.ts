import { coefficients, judgeCases } from '../../packages/planner/src/index.ts'
import { listPrices } from '../../packages/prices/src/index.ts'

const cell = (text: string) => text.replaceAll('|', '\\|')

/** The planner's figures, its published cases with every error, and the prices, as Markdown. */
export function planningTables(): string {
  const figures = Object.values(coefficients).map(
    ({ meaning, unit, best, expected, worst, source }) =>
      `| ${cell(meaning)} | ${expected} | ${best}–${worst} | ${unit} | ${cell(source)} |`,
  )
  const cases = judgeCases().map(
    ({ title, source, measuredSeconds, predicted, error, isWithinRange, note }) =>
      `| ${cell(title)} | ${measuredSeconds} | ${predicted.expected.toFixed(0)} (${predicted.best.toFixed(0)}–${predicted.worst.toFixed(0)}) | ${error > 0 ? '+' : ''}${(error * 100).toFixed(0)} %${isWithinRange ? '' : ', outside'} | ${cell(source)}${note === '' ? '' : `. ${cell(note)}`} |`,
  )
  const prices = Object.entries(listPrices).map(([name, dollars]) => `| \`${name}\` | ${dollars} |`)
  return [
    '## Coefficients',
    '',
    '| what | expected | range | unit | source |',
    '|---|---:|---:|---|---|',
    ...figures,
    '',
    '## Published cases',
    '',
    '| case | measured, s | predicted, s | error | source, and what was assumed |',
    '|---|---:|---:|---:|---|',
    ...cases,
    '',
    '## Prices',
    '',
    '| name | dollars |',
    '|---|---:|',
    ...prices,
  ].join('\n')
}
