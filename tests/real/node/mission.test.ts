import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { judgeScaleUp } from './scenes/judge-scale-up.ts'
import { bake, keep, rollOut, rollOutControl, scaleUp, fromNone } from './world/mission-steps.ts'
import { startWorld, type StepResult, type World } from './world/start-world.ts'

/** The whole of what the actions do, on real parts: baked by the bundle, booted by Karpenter's launches, served by vLLM, measured by scale-benchmark. */
const minutes = 60_000
/** What the control's registry and hub share. */
const megabits = 1000
const link = `The image came from a registry and the model from a hub behind one link of ${megabits} Mbit/s (\`tc tbf\`).`
let world: World
let built: StepResult

beforeAll(async () => {
  world = await startWorld()
  built = await bake(world)
}, 15 * minutes)

afterAll(() => world?.[Symbol.asyncDispose](), 2 * minutes)

test('the bundle bakes image and model with the nodes’ containerd, and checks them on a second instance', () => {
  expect(built).toMatchObject({ exitCode: 0, errors: [], outputs: { reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) } })
})

test('publish-snapshot points the repository to it', async () => {
  const inputs = { 'snapshot-id': built.outputs['snapshot-id'] ?? '', 'variable-token': world.github.variableToken }
  expect(await world.step('publish-snapshot', inputs)).toMatchObject({ errors: [], outputs: { changed: 'true' } })
  expect(world.github.variables()).toEqual({ VLLM_SNAPSHOT_ID: built.outputs['snapshot-id'] })
})

test(
  'apply-manifests rolls the shipped manifests out, and vLLM serves from the volume',
  async () => {
    const applied = await rollOut(world, built)
    expect(applied).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', 'rolled-back': 'false' } })
  },
  20 * minutes,
)

test(
  'scale-benchmark measures a second pod, which downloads nothing, and comments on the pull request',
  async () => {
    const measured = await scaleUp(world, built, { 'github-token': world.github.githubToken, 'pull-request': '1' })
    keep('mission', measured.summary, measured.outputs['report-html'])
    expect(judgeScaleUp(measured)).toEqual([])
    expect(world.github.comments()).toHaveLength(1)
  },
  20 * minutes,
)

test(
  'the control, without a snapshot, pulls the image and downloads the model',
  async () => {
    expect(await rollOutControl(world, built, megabits)).toMatchObject({ exitCode: 0, errors: [] })
    const measured = await scaleUp(world, built, { ...fromNone, 'github-token': world.github.githubToken, 'pull-request': '1' })
    keep('control', `${link}\n\n${measured.summary}`, measured.outputs['report-html'])
    expect(measured).toMatchObject({ exitCode: 0, errors: [] })
    expect(measured.summary).toContain('| image was on the node | 0 of 1 |')
    // vLLM says nothing of a download that takes less than half a second, as that of a tiny model does.
    expect(measured.summary).toMatch(/\| `image` \| [^|]+\| [1-9]\d*\.\d s \|/)
  },
  30 * minutes,
)
