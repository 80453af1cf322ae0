import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startScene, type Scene } from './scene.ts'

let scene: Scene
const workspace = mkdtempSync(join(tmpdir(), 'prebake-test-'))
beforeAll(async () => {
  cpSync(join(import.meta.dirname, '../../../deploy'), join(workspace, 'deploy'), { recursive: true })
  scene = await startScene({}, workspace)
})
afterAll(async () => {
  await scene.stop()
  rmSync(workspace, { recursive: true, force: true })
})

const baseline = join(workspace, 'deploy/vllm/baseline')
const benchmark = (inputs: Record<string, string> = {}) =>
  scene.run('scale-benchmark', {
    'github-token': scene.simulator.githubToken,
    'pull-request': '1',
    manifests: 'deploy/vllm/baseline',
    variables: scene.variables,
    to: '3',
    timeout: '40m',
    ...inputs,
  })
const change = (file: string, from: string, to: string) => {
  const text = readFileSync(join(baseline, file), 'utf8')
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
  writeFileSync(join(baseline, file), text.replace(from, to))
  return () => writeFileSync(join(baseline, file), text)
}

test('pods that find no room: the measurement is reported as far as it came, with the cause, its code and its remedy', async () => {
  const undo = change('nodepool.yaml', 'nvidia.com/gpu: 8', 'nvidia.com/gpu: 2')
  const { main, post } = await benchmark()
  undo()
  expect(main.exitCode).toBe(1)
  const text = main.lines.join('\n')
  expect(text).toMatch(/::error title=scale-benchmark::Scale vllm to 3: 1 of 2 new pods were Ready/)
  expect(text).toMatch(/Error codes: new-pods-timeout, nodepool-limits/)
  expect(text).toMatch(/by hand: kubectl get nodepools/)
  expect(main.summary).toMatch(/1 of 2 new pods|not Ready/i)
  expect(main.summary).toContain('## Diagnosis of Deployment default/vllm')
  expect(main.outputs['report']).not.toBe('')
  const [comment] = scene.simulator.comments()
  expect(comment?.body).toMatch(/<summary>Why the pods were not Ready: <code>nodepool-limits<\/code><\/summary>/)
  expect((await post?.())?.exitCode).toBe(0)
}, 120_000)

test('replicas that never start fail before anything is measured, with the cause', async () => {
  const undo = change('nodepool.yaml', 'nvidia.com/gpu: 8', 'nvidia.com/gpu: 0')
  const { main, post } = await benchmark()
  undo()
  expect(main.exitCode).toBe(1)
  expect(main.lines.join('\n')).toMatch(/Error codes: start-replicas-timeout, nodepool-limits/)
  expect((await post?.())?.exitCode).toBe(0)
}, 120_000)
