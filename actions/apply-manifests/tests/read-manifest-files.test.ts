import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readManifestFiles } from '../src/read-manifest-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'prebake-manifests-'))
const workspace = join(folder, 'workspace')

beforeAll(() => {
  const files = [
    'workspace/k8s/b.yaml',
    'workspace/k8s/a.yml',
    'workspace/k8s/c.json',
    'workspace/k8s/note.md',
    'workspace/k8s/below/d.yaml',
  ]
  for (const file of [...files, 'workspace/empty/note.md', 'outside/secret.yaml', 'workspace2/near.yaml']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), file)
  }
  mkdirSync(join(workspace, 'links'))
  symlinkSync('../../outside/secret.yaml', join(workspace, 'links/secret.yaml'))
  symlinkSync('../outside', join(workspace, 'way-out'))
  symlinkSync('k8s', join(workspace, 'same'))
  mkdirSync(join(workspace, 'broken/folder.yaml'), { recursive: true })
  symlinkSync('nowhere', join(workspace, 'broken/link.yaml'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const paths = (...entries: readonly string[]) => readManifestFiles(entries, workspace).map(({ path }) => path)

test.each([
  ['a folder: its own files, by name', ['k8s'], ['k8s/a.yml', 'k8s/b.yaml', 'k8s/c.json']],
  ['a file', ['./k8s/b.yaml'], ['k8s/b.yaml']],
  ['a file of another name', ['k8s/note.md'], ['k8s/note.md']],
  ['an absolute path inside', [join(workspace, 'k8s/b.yaml')], ['k8s/b.yaml']],
  ['a glob', ['k8s/**'], ['k8s/a.yml', 'k8s/b.yaml', 'k8s/below/d.yaml', 'k8s/c.json']],
  ['in the given order, each once', ['k8s/c.json', 'k8s', 'k8s/*.yaml'], ['k8s/c.json', 'k8s/a.yml', 'k8s/b.yaml']],
  ['by a link inside, under the real name', ['same/b.yaml'], ['k8s/b.yaml']],
])('%s', (_title, entries, expected) => {
  expect(paths(...entries)).toEqual(expected)
})

test('the text is the file', () => {
  expect(readManifestFiles(['k8s/b.yaml'], workspace)).toEqual([{ path: 'k8s/b.yaml', text: 'workspace/k8s/b.yaml' }])
})

test.each([
  ['nowhere.yaml', 'does not exist'],
  ['nowhere/*.yaml', 'matches no YAML or JSON file'],
  ['empty', 'is a folder without YAML or JSON files'],
  ['../outside/secret.yaml', 'lies outside the workspace'],
  ['../workspace2/near.yaml', 'lies outside the workspace'],
  ['/etc/hostname', 'lies outside the workspace'],
  ['../outside/*', 'lies outside the workspace'],
  ['links/secret.yaml', 'lies outside the workspace'],
  ['links', 'which lies outside the workspace'],
  ['links/*', 'lies outside the workspace'],
  ['broken', 'holds link.yaml, which does not exist'],
  ['broken/*', 'does not exist'],
  ['way-out', 'lies outside the workspace'],
  ['way-out/secret.yaml', 'lies outside the workspace'],
])('refused: %s', (entry, words) => {
  expect(() => paths(entry)).toThrow(`\`${entry}\` `)
  expect(() => paths(entry)).toThrow(words)
})

test('all that is wrong is told at once', () => {
  expect(() => paths('nowhere.yaml', 'k8s', 'empty')).toThrow(/nowhere\.yaml[^]*empty/)
})
