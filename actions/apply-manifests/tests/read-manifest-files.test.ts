import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
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
    'workspace/overlay/kustomization.yaml',
    'workspace/overlay/a.yaml',
    'workspace/chart/Chart.yaml',
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
  mkdirSync(join(workspace, 'strange'))
  writeFileSync(join(workspace, 'strange/latin1.yaml'), Buffer.from('name: caf\xe9\n', 'latin1'))
  writeFileSync(join(workspace, 'strange/utf16.yaml'), Buffer.from('\ufeffname: x\n', 'utf16le'))
  writeFileSync(join(workspace, 'bom.yaml'), '\ufeffname: x\n')
  symlinkSync(join(workspace, 'k8s/a.yml'), join(workspace, 'absolute-link.yaml'))
  symlinkSync('loop', join(workspace, 'loop'))
  execFileSync('mkfifo', [join(workspace, 'pipe')])
})
afterAll(() => rmSync(folder, { recursive: true }))

const paths = (...entries: readonly string[]) =>
  readManifestFiles(entries, workspace).map((found) => ('path' in found ? found.path : `${found.kind} ${found.folder}`))

test.each([
  ['a folder: its own files, by name', ['k8s'], ['k8s/a.yml', 'k8s/b.yaml', 'k8s/c.json']],
  ['a file', ['./k8s/b.yaml'], ['k8s/b.yaml']],
  ['a file of another name', ['k8s/note.md'], ['k8s/note.md']],
  ['an absolute path inside', [join(workspace, 'k8s/b.yaml')], ['k8s/b.yaml']],
  ['a glob', ['k8s/**'], ['k8s/a.yml', 'k8s/b.yaml', 'k8s/below/d.yaml', 'k8s/c.json']],
  ['in the given order, each once', ['k8s/c.json', 'k8s', 'k8s/*.yaml'], ['k8s/c.json', 'k8s/a.yml', 'k8s/b.yaml']],
  ['a glob with a choice', ['k8s/{a,c}.*'], ['k8s/a.yml', 'k8s/c.json']],
  ['a glob with one character', ['k8s/?.yml'], ['k8s/a.yml']],
  ['a folder by its trailing slash', ['k8s/'], ['k8s/a.yml', 'k8s/b.yaml', 'k8s/c.json']],
  ['by an absolute link inside', ['absolute-link.yaml', 'k8s/a.yml'], ['k8s/a.yml']],
  ['by a way that leaves and comes back', ['../workspace/k8s/b.yaml'], ['k8s/b.yaml']],
  ['a folder of kustomize, and a chart', ['overlay', 'chart/Chart.yaml'], ['kustomize overlay', 'helm chart']],
  ['by a link inside, under the real name', ['same/b.yaml'], ['k8s/b.yaml']],
])('%s', (_title, entries, expected) => {
  expect(paths(...entries)).toEqual(expected)
})

test('the text is the file', () => {
  expect(readManifestFiles(['k8s/b.yaml'], workspace)).toEqual([{ path: 'k8s/b.yaml', text: 'workspace/k8s/b.yaml' }])
})

/** The problems of these entries, as `code input: what is wrong`. */
function problems(...entries: readonly string[]): readonly string[] {
  try {
    return paths(...entries)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems.map(({ code, input, wrong }) => `${code} ${input}: ${wrong}`)
  }
}

test.each([
  ['nowhere.yaml', 'manifest-file-missing', 'does not exist'],
  ['nowhere/*.yaml', 'manifest-file-missing', 'matches no YAML or JSON file'],
  ['empty', 'manifest-file-missing', 'is a folder without YAML or JSON files'],
  ['../outside/secret.yaml', 'manifest-file-outside', 'is outside the workspace'],
  ['../workspace2/near.yaml', 'manifest-file-outside', 'is outside the workspace'],
  ['/etc/hostname', 'manifest-file-outside', 'is outside the workspace'],
  ['../outside/*', 'manifest-file-outside', 'is outside the workspace'],
  ['links/secret.yaml', 'manifest-file-outside', 'is outside the workspace'],
  ['links', 'manifest-file-outside', 'which is outside the workspace'],
  ['links/*', 'manifest-file-outside', 'is outside the workspace'],
  ['broken', 'manifest-file-missing', 'contains link.yaml, which does not exist'],
  ['broken/*', 'manifest-file-missing', 'does not exist'],
  ['loop', 'manifest-file-missing', 'does not exist'],
  ['pipe', 'manifest-file-missing', 'is neither a file nor a folder'],
  ['{k8s,../outside}/*.yaml', 'manifest-file-outside', 'is outside the workspace'],
  ['way-out', 'manifest-file-outside', 'is outside the workspace'],
  ['way-out/secret.yaml', 'manifest-file-outside', 'is outside the workspace'],
])('refused: %s', (entry, code, words) => {
  const [only, ...others] = problems(entry)
  expect(others).toEqual([])
  expect(only).toContain(`${code} manifests: \`${entry}\` `)
  expect(only).toContain(words)
})

test('a byte order mark is not part of the text', () => {
  expect(readManifestFiles(['bom.yaml'], workspace)).toEqual([{ path: 'bom.yaml', text: 'name: x\n' }])
})

test('text in another encoding is refused, each file by its name', () => {
  expect(problems('strange')).toEqual([
    'manifest-file-unreadable strange/latin1.yaml: is not UTF-8 text.',
    'manifest-file-unreadable strange/utf16.yaml: is not UTF-8 text.',
  ])
})

test('everything that is wrong is reported at once', () => {
  expect(problems('nowhere.yaml', 'k8s', 'empty')).toEqual([expect.stringContaining('nowhere.yaml'), expect.stringContaining('empty')])
})
