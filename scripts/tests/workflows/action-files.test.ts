import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'

interface ActionFile {
  readonly name?: string
  readonly description?: string
  readonly author?: string
  readonly branding?: { readonly icon?: string; readonly color?: string }
  readonly inputs?: Readonly<Record<string, Entry>>
  readonly outputs?: Readonly<Record<string, Entry>>
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string }
}

interface Entry {
  readonly description?: string
  readonly default?: unknown
}

const root = join(import.meta.dirname, '../../..')
const files = globSync('actions/*/action.yml', { cwd: root }).toSorted()
const actions = files.map((file) => ({ id: basename(dirname(file)), ...(parse(readFileSync(join(root, file), 'utf8')) as ActionFile) }))

test.each(actions)('$id runs on Node 24 from its stub, and says who it is', ({ runs, name, description, author, branding }) => {
  expect(runs).toMatchObject({ using: 'node24', main: 'index.js' })
  expect([undefined, 'index.js']).toContain(runs.post)
  for (const text of [name, description, author, branding?.icon, branding?.color]) expect(text?.trim()).toBeTruthy()
})

test.each(actions)(
  '$id has inputs and outputs in kebab-case, each described, with defaults that are text',
  ({ inputs = {}, outputs = {} }) => {
    for (const [name, { description = '', default: value }] of Object.entries({ ...inputs, ...outputs })) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect([name, /[.)]$/.test(description.trim())]).toEqual([name, true])
      expect([name, ['undefined', 'string'].includes(typeof value)]).toEqual([name, true])
    }
  },
)

test('the README says which runner the actions need', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toMatch(/runner needs version 2\.328 or newer \(`node24`\)/)
})

test('a message names a document by its address, not by a path of this repository', () => {
  const sources = globSync('{actions,packages}/*/src/**/*.ts', { cwd: root }).filter((file) => !file.startsWith('packages/simulator/'))
  const bare = sources.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
      .filter((line) => /(?<!documentLink\(\s*['"`])(?<![\w/])(docs|deploy\/infra|actions\/[\w-]+)\/[\w./-]*\.(md|json|yaml)/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
  expect(bare).toEqual([])
})

test('the documents name the branch that a release moves', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const branch = `v${version.split('.')[0]}`
  const documents = globSync(['README.md', 'docs/*.md', 'actions/*/README.md'], { cwd: root })
  const named = documents.flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/your-org\/prebake\/[\w./-]+@(\w+)/g)])
  expect(new Set(named.map(([, ref]) => ref))).toEqual(new Set([branch]))
})
