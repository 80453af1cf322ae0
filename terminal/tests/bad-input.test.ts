import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { openTerminal, type TerminalScene } from './open-terminal.ts'

let scene: TerminalScene
beforeAll(async () => (scene = await openTerminal({ rate: 1000 })))
afterEach(() => rmSync(join(scene.folder, '.prebake.json'), { force: true }))
afterAll(() => scene.close())

type Result = Awaited<ReturnType<TerminalScene['run']>>

/** What the person sees: one error with its codes and no stack; and what it has changed. */
const seen = ({ stderr, exitCode }: Result) => ({
  codes: /^Error codes?: (.*) \(/m.exec(stderr)?.[1]?.split(', '),
  errors: stderr.match(/^Error: /gm)?.length,
  stack: /^\s+at /m.test(stderr),
  exitCode,
  changes: scene.changes(),
})
const refused = (code: string, exitCode = 2) => ({ codes: expect.arrayContaining([code]), errors: 1, stack: false, exitCode, changes: [] })

test('no kubeconfig', async () => {
  expect(seen(await scene.run('optimize-vllm', ['--yes'], { environment: { KUBECONFIG: undefined } }))).toEqual(
    refused('kubeconfig-not-found'),
  )
})

test('a kubeconfig that is none', async () => {
  const file = join(scene.folder, 'broken')
  writeFileSync(file, 'hello: [')
  expect(seen(await scene.run('optimize-vllm', ['--yes', '--kubeconfig', file]))).toEqual(refused('kubeconfig-malformed'))
})

test('a cluster that does not answer', async () => {
  const file = join(scene.folder, 'gone')
  writeFileSync(file, scene.simulator.kubeconfig.replace(/server: .*/, 'server: http://127.0.0.1:9'))
  const result = await scene.run('optimize-vllm', ['--yes', '--kubeconfig', file], { environment: { PREBAKE_REQUEST_TIMEOUT_MS: '2000' } })
  expect(seen(result)).toEqual(refused('cluster-not-reached', 1))
})

test('no AWS credentials', async () => {
  const environment = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
  expect(seen(await scene.run('optimize-vllm', ['--yes', ...scene.settings], { environment }))).toEqual(refused('aws-credentials-missing'))
})

test('a setting that is neither given nor found', async () => {
  expect(seen(await scene.run('optimize-vllm', ['--yes']))).toEqual(refused('answer-missing'))
})

test('a run that would have to ask, and has no terminal', async () => {
  expect(seen(await scene.run('optimize-vllm', [...scene.settings]))).toEqual(refused('answer-missing'))
})

test.each([
  ['--no-such-option', '1'],
  ['--build', 'imagez=a'],
  ['--rollout', 'timeout'],
])('an option that does not exist, or has no value: %s %s', async (option, value) => {
  expect(seen(await scene.run('optimize-vllm', ['--yes', ...scene.settings, option, value]))).toEqual(refused('option-malformed'))
})

test('an input of an action in the wrong form', async () => {
  expect(seen(await scene.run('optimize-vllm', ['--yes', ...scene.settings, '--build', 'volume-size=huge']))).toEqual(
    refused('input-malformed'),
  )
})

test('a memory file that is not ours is neither used nor overwritten', async () => {
  const file = join(scene.folder, '.prebake.json')
  writeFileSync(file, '{"answers": {"model": 7}}')
  expect(seen(await scene.run('optimize-vllm', ['--yes', ...scene.settings]))).toEqual(refused('memory-unreadable', 1))
  expect(scene.read('.prebake.json')).toBe('{"answers": {"model": 7}}')
})
