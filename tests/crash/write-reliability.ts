import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from './report.ts'

const docs = join(import.meta.dirname, '../../docs')
const begin = (name: string) => `<!-- ${name}: written by pnpm test:crash --write -->`
const end = (name: string) => `<!-- end of ${name} -->`

/** The summary first: most who look want only that. */
export const asMarkdown = ({ table, closing }: Report) => `${closing}\n\n${table}`

/** Puts a matrix's results into docs/reliability.md and its tables into docs/reliability-tables.md. @throws Error where a page has no place for them. */
export function writeReliability(name: string, reports: readonly Report[]): void {
  replace('reliability.md', name, reports.map(({ closing }) => `- ${closing}`).join('\n'))
  replace('reliability-tables.md', name, reports.map((report) => asMarkdown(report)).join('\n\n'))
}

function replace(file: string, name: string, body: string): void {
  const path = join(docs, file)
  const page = readFileSync(path, 'utf8')
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))]
  if (from < 0 || to < from) throw new Error(`docs/${file} has no place for ${name}: write the lines ${begin(name)} and ${end(name)}.`)
  writeFileSync(path, `${page.slice(0, from)}${begin(name)}\n\n${body}\n\n${page.slice(to)}`)
}
