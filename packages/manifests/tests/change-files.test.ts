import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { changeFiles, readManifests, type FieldPath } from '../src/index.ts'

const head = 'apiVersion: v1\nkind: X\nmetadata: { name: one }\n'

/** The text with the changes, and the object that it then describes. */
function change(text: string, changes: readonly (readonly [path: FieldPath, value: unknown])[], path = 'a.yaml') {
  const files = [{ path, text }]
  const [manifest] = readManifests(files, { S: 's' })
  if (manifest === undefined) throw new Error('No manifest')
  const result = changeFiles(
    files,
    changes.map(([at, value]) => ({ manifest, path: at, value })),
  )
  const [changed] = result.files
  return { text: changed?.text ?? '', diff: result.diff, object: readManifests(result.files, { S: 's' })[0]?.document }
}

test.each<[title: string, body: string, changes: readonly (readonly [FieldPath, unknown])[], expected: string]>([
  ['a value, with its comment', 'a: 1 # why\nb: 2\n', [[['a'], 'x']], 'a: x # why\nb: 2\n'],
  ['a quoted value', "a: '1'\n", [[['a'], '2']], 'a: "2"\n'],
  [
    'a new field at the end of a map',
    'a:\n  b: 1 # why\n\n# after\nc: 2\n',
    [[['a', 'd'], 3]],
    'a:\n  b: 1 # why\n  d: 3\n\n# after\nc: 2\n',
  ],
  ['after a map in the map', 'a:\n  b:\n    c: 1\nd: 2\n', [[['a', 'e'], 3]], 'a:\n  b:\n    c: 1\n  e: 3\nd: 2\n'],
  ['missing maps', 'a: 1\n', [[['b', 'c', 'd'], 2]], 'a: 1\nb:\n  c:\n    d: 2\n'],
  [
    'two below one that is missing',
    'a: 1\n',
    [
      [['b', 'c'], 2],
      [['b', 'd'], 3],
    ],
    'a: 1\nb:\n  c: 2\n  d: 3\n',
  ],
  ['an item of a list', 'a:\n  - x: 1\n', [[['a', 1], { x: 2, y: 3 }]], 'a:\n  - x: 1\n  - x: 2\n    y: 3\n'],
  ['of a list at the same column', 'a:\n- x: 1\n  y: 2\nb: 3\n', [[['a', 1], { x: 2 }]], 'a:\n- x: 1\n  y: 2\n- x: 2\nb: 3\n'],
  [
    'a list that is missing, twice',
    'a: 1\n',
    [
      [['b', 0], { x: 1 }],
      [['b', 1], { x: 2 }],
    ],
    'a: 1\nb:\n  - x: 1\n  - x: 2\n',
  ],
  ['between braces', 'a: { b: 1 }\n', [[['a', 'c'], '${S}']], "a: { b: 1, c: '${S}' }\n"],
  ['between empty braces', 'a: {}\n', [[['a', 'c'], 1]], 'a: { c: 1 }\n'],
  ['between brackets', 'a: [{ b: 1 }]\n', [[['a', 1], { b: 2 }]], 'a: [{ b: 1 }, { b: 2 }]\n'],
  ['a field without a value', 'a:\nb: 1\n', [[['a', 'c'], 2]], 'a: { c: 2 }\nb: 1\n'],
  ['a field that goes', 'a: 1\nb: 2 # why\nc: 3\n', [[['b'], undefined]], 'a: 1\nc: 3\n'],
  ['a block that goes', 'a: 1\nb: |\n  x\n  y\nc: 3\n', [[['b'], undefined]], 'a: 1\nc: 3\n'],
  ['a field that goes from braces', 'a: { b: 1, c: 2 }\n', [[['a', 'b'], undefined]], 'a: { c: 2 }\n'],
  ['the last one', 'a: { b: 1, c: 2 }\n', [[['a', 'c'], undefined]], 'a: { b: 1 }\n'],
  ['behind an anchor', 'a: &x { b: 1 }\nc: *x\n', [[['c', 'b'], 2]], 'a: &x { b: 2 }\nc: *x\n'],
  ['no line break at the end', 'a: 1', [[['b'], 2]], 'a: 1\nb: 2'],
  ['line ends of Windows', 'a:\r\n  b: 1\r\nc: 2\r\n', [[['a', 'd'], 3]], 'a:\r\n  b: 1\r\n  d: 3\r\nc: 2\r\n'],
])('changed in the source: %s', (_title, body, changes, expected) => {
  const crlf = body.includes('\r\n')
  const { text, object } = change((crlf ? head.replaceAll('\n', '\r\n') : head) + body, changes)
  expect(text.slice((crlf ? head.replaceAll('\n', '\r\n') : head).length)).toBe(expected)
  expect(object).toBeDefined()
})

test('JSON stays JSON', () => {
  const { text } = change(
    '{"apiVersion":"v1","kind":"X","metadata":{"name":"one"},"a":{"b":[1]}}',
    [
      [['a', 'b', 1], { c: 'd' }],
      [['e'], '2'],
    ],
    'a.json',
  )
  expect(JSON.parse(text)).toEqual({ apiVersion: 'v1', kind: 'X', metadata: { name: 'one' }, a: { b: [1, { c: 'd' }] }, e: '2' })
})

test('the diff is one that git applies, with several hunks, several documents and no line break at the end', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `l${index}: ${index}`).join('\n')
  const text = `${head}${lines}\n---\n${head.replace('one', 'two')}z: 1`
  const files = [{ path: 'k8s/a.yaml', text }]
  const [one, two] = readManifests(files, {})
  if (one === undefined || two === undefined) throw new Error('No manifests')
  const { diff, files: changed } = changeFiles(files, [
    { manifest: one, path: ['l2'], value: 'x' },
    { manifest: one, path: ['l4'], value: undefined },
    { manifest: one, path: ['l20'], value: 'y' },
    { manifest: two, path: ['new'], value: { a: [1, 2] } },
  ])
  expect(diff.match(/^@@ .* @@$/gm)).toHaveLength(3)
  const folder = mkdtempSync(join(tmpdir(), 'prebake-diff-'))
  try {
    execFileSync('git', ['init', '-q', folder])
    execFileSync('mkdir', [join(folder, 'k8s')])
    writeFileSync(join(folder, 'k8s/a.yaml'), text)
    writeFileSync(join(folder, 'p.patch'), diff)
    execFileSync('git', ['apply', 'p.patch'], { cwd: folder })
    expect(readFileSync(join(folder, 'k8s/a.yaml'), 'utf8')).toBe(changed[0]?.text)
  } finally {
    rmSync(folder, { recursive: true })
  }
  expect(readManifests(changed, {}).map(({ document }) => [document['l2'], document['l4'], document['l20'], document['new']])).toEqual([
    ['x', undefined, 'y', undefined],
    [undefined, undefined, undefined, { a: [1, 2] }],
  ])
})

test('without a change there is no diff', () => expect(change(`${head}a: 1\n`, [])).toMatchObject({ diff: '', text: `${head}a: 1\n` }))
