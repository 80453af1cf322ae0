import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from './report.ts'

const file = join(import.meta.dirname, '../../docs/reliability.md')
const begin = (name: string) => `<!-- ${name}: written by pnpm test:crash --write -->`
const end = (name: string) => `<!-- end of ${name} -->`

/** The summary first: most who look want only that. */
export const asMarkdown = ({ table, closing }: Report) => `${closing}\n\n${table}`

/** Puts a matrix's tables in the place of those that stand in docs/reliability.md. @throws Error where that page has no such place. */
export function writeReliability(name: string, reports: readonly Report[]): void {
  const page = readFileSync(file, 'utf8')
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))]
  if (from < 0 || to < from)
    throw new Error(`docs/reliability.md has no place for ${name}: write the lines ${begin(name)} and ${end(name)}.`)
  const body = reports.map((report) => asMarkdown(report)).join('\n\n')
  writeFileSync(file, `${page.slice(0, from)}${begin(name)}\n\n${body}\n\n${page.slice(to)}`)
}
