import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const document = (path: string) => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')

/** The workflows that README.md tells a reader to write, by their paths. */
export function documentedWorkflows(): Readonly<Record<string, string>> {
  const found = document('README.md').matchAll(/^`(\.github\/workflows\/[\w.-]+)`\n+```yaml\n([\s\S]*?)^```$/gm)
  return Object.fromEntries([...found].map(([, path = '', content = '']) => [path, content]))
}

/** The keys of a job that bakes several models, as docs/workflows.md has them: strategy, uses and, at the end, with. */
export function documentedMatrix(): string {
  return /^```yaml\n(strategy:\n[\s\S]*?)^```$/m.exec(document('docs/workflows.md'))?.[1] ?? ''
}
