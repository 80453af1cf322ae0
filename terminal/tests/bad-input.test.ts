import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { openTerminal, type TerminalScene } from './open-terminal.ts'

let scene: TerminalScene
beforeAll(async () => (scene = await openTerminal({ rate: 1000 })))
afterEach(() => rmSync(join(scene.folder, '.prebake.json'), { force: true }))
afterAll(() => scene.close())

/** One error with its code, nothing changed, nothing launched, and no stack. */
function expectRefusal({ stderr, exitCode }: Awaited<ReturnType<TerminalScene['run']>>, code: string, wanted = 2): void {
  expect(stderr).toMatch(new RegExp(`Error codes?: (?:[\\w-]+, )*${code}\\b`))
  expect(stderr.match(/^Error: /gm)).toHaveLength(1)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(exitCode).toBe(wanted)
  expect(scene.changes()).toEqual([])
}

test('no kubeconfig', async () => {
  expectRefusal(await scene.run('optimize-vllm', ['--yes'], { environment: { KUBECONFIG: undefined } }), 'kubeconfig-not-found')
})

test('a kubeconfig that is none', async () => {
  const file = join(scene.folder, 'broken')
  writeFileSync(file, 'hello: [')
  expectRefusal(await scene.run('optimize-vllm', ['--yes', '--kubeconfig', file]), 'kubeconfig-malformed')
})

test('a cluster that does not answer', async () => {
  const file = join(scene.folder, 'gone')
  writeFileSync(file, scene.simulator.kubeconfig.replace(/server: .*/, 'server: http://127.0.0.1:9'))
  const result = await scene.run('optimize-vllm', ['--yes', '--kubeconfig', file], { environment: { PREBAKE_REQUEST_TIMEOUT_MS: '2000' } })
  expectRefusal(result, 'cluster-not-reached', 1)
})

test('no AWS credentials', async () => {
  const environment = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
  expectRefusal(await scene.run('optimize-vllm', ['--yes', ...scene.settings], { environment }), 'aws-credentials-missing')
})

test('a setting that is neither given nor found', async () => {
  expectRefusal(await scene.run('optimize-vllm', ['--yes']), 'answer-missing')
})

test('a run that would have to ask, and has no terminal', async () => {
  expectRefusal(await scene.run('optimize-vllm', [...scene.settings]), 'answer-missing')
})

test.each([
  ['--no-such-option', '1'],
  ['--build', 'imagez=a'],
  ['--rollout', 'timeout'],
])('an option that does not exist, or has no value: %s %s', async (option, value) => {
  expectRefusal(await scene.run('optimize-vllm', ['--yes', ...scene.settings, option, value]), 'option-malformed')
})

test('an input of an action in the wrong form', async () => {
  expectRefusal(await scene.run('optimize-vllm', ['--yes', ...scene.settings, '--build', 'volume-size=huge']), 'input-malformed')
})

test('a memory file that is not ours is neither used nor overwritten', async () => {
  const file = join(scene.folder, '.prebake.json')
  writeFileSync(file, '{"answers": {"model": 7}}')
  expectRefusal(await scene.run('optimize-vllm', ['--yes', ...scene.settings]), 'memory-unreadable', 1)
  expect(scene.read('.prebake.json')).toBe('{"answers": {"model": 7}}')
})
