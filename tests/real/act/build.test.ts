import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startScene, type ActScene } from './start-scene.ts'

let scene: ActScene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene?.[Symbol.asyncDispose]())

const workflow = '.github/workflows/build-snapshot.yml'
const build = (inputs: Readonly<Record<string, string>> = {}, changes = {}) =>
  scene.run(
    {
      workflow,
      event: 'workflow_dispatch',
      inputs: { images: scene.simulator.demoInputs['images'] ?? '', 'volume-size': '60', ...inputs },
    },
    changes,
  )

test('a dispatch bakes, publishes the variable, and leaves nothing running', async () => {
  const { exitCode, log, outputs } = await build()
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) })
  expect(scene.simulator.variables()).toEqual({ VLLM_SNAPSHOT_ID: outputs['snapshot-id'] })
  expect(scene.running()).toEqual([])
})
