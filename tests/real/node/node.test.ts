import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mapConcurrently } from '@prebake/kernel'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectCluster } from '../../../packages/kubernetes/src/index.ts'
import { describeKubelet } from '../../../packages/kubernetes/tests/kubelet/describe-kubelet.ts'
import { imageTag } from './build-image.ts'
import { putUnderDiskPressure } from './scenes/disk-pressure.ts'
import { discardIdleNodes } from './scenes/discard-idle-nodes.ts'
import { explainFault } from './scenes/explain-fault.ts'
import { faults } from './scenes/faults.ts'
import { describeExplanation, type Baked, type Explanation } from './scenes/find-cause.ts'
import { testGuide } from './scenes/guide.ts'
import { judgeScaleUp, phaseSeconds } from './scenes/judge-scale-up.ts'
import { testKubelet, servingPod } from './scenes/kubelet.ts'
import { spoilSnapshot } from './scenes/spoil-snapshot.ts'
import { bake, keep, rollOut, scaleUp } from './world/mission-steps.ts'
import { startWorld, type StepResult, type World } from './world/start-world.ts'

/** What becomes of a pod that serves from a baked volume, and of those beside it, when users and machines do what they do. */
const minutes = 60_000

/** Every name that the kubelet could find it by. */
const renameImage = `for name in $(ctr -n k8s.io images ls -q); do ctr -n k8s.io images tag "$name" docker.io/other/name:1; ctr -n k8s.io images rm "$name"; done`

let world: World
let built: StepResult
let whole: StepResult

beforeAll(async () => {
  world = await startWorld()
  built = await bake(world)
  const { exitCode, errors } = await rollOut(world, built)
  if (exitCode !== 0) throw new Error(`Roll out: it ended with ${exitCode}: ${errors.join('; ')}`)
}, 20 * minutes)

afterAll(() => world?.[Symbol.asyncDispose](), 2 * minutes)

describeKubelet('real', async () => ({
  connection: await connectCluster({ kubeconfig: world.plane.kubeconfig }),
  sleep: (seconds) => sleep(seconds * 1000),
}))

testGuide(() => world)

describe('the kubelet', () => {
  testKubelet(() => world)
})

test(
  'a second pod starts on a volume that is whole',
  async () => {
    whole = await scaleUp(world, built, { comment: 'false' })
    expect(judgeScaleUp(whole)).toEqual([])
  },
  20 * minutes,
)

test(
  'a kubelet under disk pressure deletes what is not pinned, and leaves what is baked',
  async () => {
    const pod = await servingPod(world)
    const idle = [...world.nodes.machines.keys()].find((name) => name !== pod.spec.nodeName)
    const { baked, left } = await putUnderDiskPressure(world, idle ?? '')
    expect(baked).toHaveLength(2)
    expect(left).toEqual(baked)
  },
  15 * minutes,
)

test(
  'on a volume that fills as it is read, Python’s imports wait for it',
  async () => {
    await discardIdleNodes(world)
    world.fillVolumes(100)
    try {
      const filling = await scaleUp(world, built, { comment: 'false' })
      keep('filling', `The volume filled from its snapshot as it was read, at 100 MiB/s.\n\n${filling.summary}`)
      expect(judgeScaleUp(filling)).toEqual([])
      expect(phaseSeconds(filling, 'python.import')).toBeGreaterThan(phaseSeconds(whole, 'python.import'))
    } finally {
      world.fillVolumes(undefined)
      await discardIdleNodes(world)
    }
  },
  20 * minutes,
)

test.each([
  ['has the image under another name', renameImage, [/image was on the node/]],
  ['has no model', 'rm -r /mnt/models/*', [/weights downloaded by/]],
])(
  'the same check refuses a bake that %s',
  async (_, script, problems) => {
    await discardIdleNodes(world)
    const restore = await spoilSnapshot(world, built.outputs['snapshot-id'] ?? '', script)
    try {
      const found = judgeScaleUp(await scaleUp(world, built, { comment: 'false', timeout: '60s' }))
      for (const problem of problems) expect(found).toContainEqual(expect.stringMatching(problem))
    } finally {
      await restore()
      await discardIdleNodes(world)
    }
  },
  15 * minutes,
)

describe('a fault made for real is explained', () => {
  let found: readonly Explanation[]
  beforeAll(async () => {
    const pod = await servingPod(world)
    found = await mapConcurrently(faults, 3, (fault) => explainFault(world, pod.spec.nodeName, fault, bakedRecord(built)))
    keep('faults', found.map((explanation, index) => `## ${faults[index]?.name}\n\n${describeExplanation(explanation)}`).join('\n\n'))
  }, 45 * minutes)

  test.each(faults.map(({ name, cause }, index) => [name, cause, index] as const))('%s: %s', (_, cause, index) => {
    expect(found[index]?.problems).toEqual([])
    expect(found[index]?.findings[0]).toMatchObject({ rule: cause, certainty: 3 })
  })
})

/** What the tags of its snapshot say is on it, as far as a diagnosis asks. */
function bakedRecord({ outputs }: StepResult): Baked {
  const [name = '', digest = ''] = (outputs['image-digests'] ?? '').split('@')
  return { modelPath: outputs['model-path'], images: [{ name, tag: imageTag, digest }] }
}
