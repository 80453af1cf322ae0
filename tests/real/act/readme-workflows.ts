import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The workflows that README.md tells a reader to write, by their paths. */
export function documentedWorkflows(): Readonly<Record<string, string>> {
  const text = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const found = text.matchAll(/^`(\.github\/workflows\/[\w.-]+)`\n+```yaml\n([\s\S]*?)^```$/gm)
  return Object.fromEntries([...found].map(([, path = '', content = '']) => [path, content]))
}
