import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Reporter } from '@prebake/kernel'
import { buildFolder, type FolderToBuild } from '../src/build/build-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'prebake-build-'))
const workspace = join(folder, 'workspace')
const bin = join(folder, 'bin')
const { signal } = new AbortController()
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n'

/** A program that prints its own name, folder and arguments as it was started. */
function install(name: string, script = `printf '# %s' '${name}'; printf ' %s' "$@"; printf '\\n'`): string {
  const path = join(bin, name)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(path, name), 0o755)
  return path
}
function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true })
  writeFileSync(join(workspace, path), text)
}
beforeAll(() => {
  write('overlay/kustomization.yaml', 'namePrefix: p-\nresources: [cm.yaml]\n')
  write('overlay/cm.yaml', configMap)
})
afterAll(() => rmSync(folder, { recursive: true }))

const lines: string[] = []
const reporter = { info: (line: string) => void lines.push(line) } as unknown as Reporter
const build = (what: FolderToBuild, path: readonly string[], helm = {}) =>
  buildFolder(
    what,
    { namespace: 'llm', helmValues: [], helmRelease: undefined, ...helm },
    { workspace, env: { PATH: path.join(':') }, reporter },
    signal,
  )
const overlay = { kind: 'kustomize', folder: 'overlay' } as const
const chart = { kind: 'helm', folder: 'charts/vllm' } as const

test.each<[FolderToBuild, readonly string[], object, string]>([
  [overlay, ['kustomize', 'kubectl'], {}, '# kustomize build overlay\n'],
  [overlay, ['kubectl'], {}, '# kubectl kustomize overlay\n'],
  [chart, ['helm'], {}, '# helm template vllm charts/vllm --namespace llm --no-hooks --skip-tests\n'],
  [
    chart,
    ['helm'],
    { helmRelease: 'prod', helmValues: ['a.yaml', 'b.yaml'] },
    '# helm template prod charts/vllm --namespace llm --no-hooks --skip-tests --values a.yaml --values b.yaml\n',
  ],
])('%j with %j %j', async (what, tools, helm, text) => {
  const path = `${what.folder}/${what.kind === 'helm' ? 'helm-template' : 'kustomize-build'}.yaml`
  expect(
    await build(
      what,
      tools.map((name) => install(name)),
      helm,
    ),
  ).toEqual({ path, text })
  expect(lines.at(-1)).toContain(`places in ${path} are lines of its output`)
})

test.each([
  [
    overlay,
    '`overlay` is a folder of kustomize, and the runner has neither `kustomize` nor `kubectl`.',
    '`kustomize build overlay > manifests.yaml`',
  ],
  [chart, '`charts/vllm` is a Helm chart, and the runner has no `helm`.', '`helm template vllm charts/vllm '],
])('without a tool, build-tool-missing: %j', async (what, wrong, remedy) => {
  const problem = { code: 'build-tool-missing', input: 'manifests', wrong, remedy: expect.stringContaining(remedy) }
  await expect(build(what, ['/nowhere'])).rejects.toThrow(expect.objectContaining({ problems: [problem] }))
})

test('a folder that the tool refuses: build-failed, with its own words', async () => {
  const path = install('helm', 'echo "Error: values don\'t meet the schema" >&2; exit 1')
  const wrong = expect.stringMatching(/refuses it: Error: values don't meet the schema\.$/)
  await expect(build(chart, [path])).rejects.toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ code: 'build-failed', wrong })] }),
  )
})

const kubectl = (() => {
  try {
    return execFileSync('sh', ['-c', 'command -v kubectl'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
})()

test('the arguments are those that the real kubectl takes, where this machine has one', async () => {
  if (kubectl === undefined) return
  const { text } = await build(overlay, [dirname(kubectl), '/usr/bin', '/bin'])
  expect(text).toContain('name: p-a\n')
})
