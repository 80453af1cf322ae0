import { textRules } from '../../packages/diagnose/src/index.ts'

const titles = { pending: 'Pending', crashing: 'Crashing', slow: 'Slow' } as const

/** The rules of the diagnosis that go by words, as Markdown, a section for each symptom. */
export function diagnosisTables(): string {
  return (Object.keys(titles) as (keyof typeof titles)[])
    .map((symptom) => {
      const rows = textRules
        .filter((rule) => rule.symptom === symptom)
        .map(({ id, cause, remedy }) => `| \`${id}\` | ${cause} | ${remedy} |`.replaceAll('\n', ' '))
      return [`### ${titles[symptom]}`, '', '| rule | cause | remedy |', '|---|---|---|', ...rows].join('\n')
    })
    .join('\n\n')
}
