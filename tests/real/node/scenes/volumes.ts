import { expect, test } from '@jest/globals'
import { keep, scaleUp } from '../world/mission-steps.ts'
import type { Stage } from '../world/stage.ts'
import { discardIdleNodes } from './discard-idle-nodes.ts'
import { putUnderDiskPressure } from './disk-pressure.ts'
import { judgeScaleUp, phaseSeconds } from './judge-scale-up.ts'
import { servingPod } from './kubelet.ts'
import { spoilSnapshot } from './spoil-snapshot.ts'

const minutes = 60_000

/** Every name that the kubelet could find it by. */
const renameImage = `for name in $(ctr -n k8s.io images ls -q); do ctr -n k8s.io images tag "$name" docker.io/other/name:1; ctr -n k8s.io images rm "$name"; done`

/** What is on a volume decides how a pod starts on it. */
export function testVolumes(on: () => Stage): void {
  test(
    'a kubelet under disk pressure deletes what is not pinned, and leaves what is baked',
    async () => {
      const { world, secondPod } = on()
      // Its node is idle now.
      await secondPod()
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
      const { world, built, secondPod } = on()
      const rate = 100
      const whole = await secondPod()
      await discardIdleNodes(world)
      world.fillVolumes(rate)
      try {
        const filling = await scaleUp(world, built, { comment: 'false' })
        const fetched = world.filling.at(-1)?.fetched() ?? 0
        keep(
          'filling',
          `The volume filled from its snapshot as it was read, at ${rate} MiB/s: ${fetched.toFixed(0)} MiB of it.\n\n${filling.summary}`,
        )
        expect(judgeScaleUp(filling)).toEqual([])
        // No start is sooner than what it reads.
        expect(fetched).toBeGreaterThan(rate)
        expect(Number(filling.outputs['pod-startup-seconds'])).toBeGreaterThan(fetched / rate)
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
    'the mission’s check refuses a bake that %s',
    async (_, script, problems) => {
      const { world, built } = on()
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
}
