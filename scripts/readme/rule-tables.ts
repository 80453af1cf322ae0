import { ruleGroups } from '../../packages/preflight/src/index.ts'

/** The preflight's rules as Markdown, a section for each consequence. */
export function ruleTables(): string {
  return ruleGroups
    .map(({ title, rules }) => {
      const rows = rules.map(({ id, severity, about }) => `| \`${id}\` | ${severity} | ${about} |`)
      return [`## ${title}`, '', '| rule | | finds |', '|---|---|---|', ...rows].join('\n')
    })
    .join('\n\n')
}
