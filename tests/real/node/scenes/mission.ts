import { expect, test } from '@jest/globals'
import { fromNone, keep, rollOutControl, scaleUp } from '../world/mission-steps.ts'
import type { Stage } from '../world/stage.ts'
import { judgeScaleUp } from './judge-scale-up.ts'

const minutes = 60_000
/** What the control's registry and hub share. */
const megabits = 1000
const link = `The image came from a registry and the model from a hub behind one link of ${megabits} Mbit/s (\`tc tbf\`).`

/** The whole of what the actions do: baked by the bundle, booted by Karpenter's launches, served by vLLM, measured by scale-benchmark. */
export function testMission(on: () => Stage): void {
  test('the bundle bakes image and model with the nodes’ containerd, and checks them on a second instance', () => {
    expect(on().built).toMatchObject({
      exitCode: 0,
      errors: [],
      outputs: { reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) },
    })
  })

  test('publish-snapshot points the repository to it', async () => {
    const { world, built } = on()
    const inputs = { 'snapshot-id': built.outputs['snapshot-id'] ?? '', 'variable-token': world.github.variableToken }
    expect(await world.step('publish-snapshot', inputs)).toMatchObject({ errors: [], outputs: { changed: 'true' } })
    expect(world.github.variables()).toEqual({ VLLM_SNAPSHOT_ID: built.outputs['snapshot-id'] })
  })

  test(
    'apply-manifests rolls the shipped manifests out, and vLLM serves from the volume',
    async () => {
      expect(await on().rolledOut()).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', 'rolled-back': 'false' } })
    },
    20 * minutes,
  )

  test(
    'scale-benchmark measures a second pod, which downloads nothing, and comments on the pull request',
    async () => {
      const measured = await on().secondPod()
      keep('mission', measured.summary, measured.outputs['report-html'])
      expect(judgeScaleUp(measured)).toEqual([])
      expect(on().world.github.comments()).toHaveLength(1)
    },
    20 * minutes,
  )
}

/** The last of all: from then on the Deployment is the one without a snapshot. */
export function testControl(on: () => Stage): void {
  test(
    'without a snapshot the pod pulls the image and downloads the model',
    async () => {
      const { world, built } = on()
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
}
