import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { snapshots } from '../aws/world.ts'
import { disturbed } from './disturbed.ts'
import { startScene, type Scene } from './start-scene.ts'
import { misplaced } from './where-pods-landed.ts'

/**
 * A user scales up in the middle of a switch. On one side of it Karpenter makes the node from the old snapshot, on the other side from the new one;
 * what must not be is a pod on a node whose volume is not the one that the pod asked for.
 */
let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterEach(() => {
  // eslint-disable-next-line jest/no-standalone-expect -- what the watcher saw belongs to the test that has just run
  expect(scene.seen.fault()).toBeUndefined()
})
afterAll(() => scene?.[Symbol.asyncDispose]())

/** As shipped, but that empty nodes go soon and many fit, so that one round need not wait for the one before. */
const hurried = (text: string) =>
  text.replace('consolidateAfter: 60s', 'consolidateAfter: 2s').replace('nvidia.com/gpu: 8', 'nvidia.com/gpu: 16')

test('a scale-up in the middle of the switch never lands on the wrong snapshot, on neither side of it', async () => {
  await scene.rollOut({ edit: hurried })
  const sides = { old: 0, new: 0 }
  let [from, to]: [string, string] = [snapshots.first, snapshots.second]
  // So many milliseconds before the switch the pods are asked for. Halving finds the moment at which Karpenter is about to launch their nodes.
  let [early, late] = [4000, 0]
  let rounds = 0
  for (; rounds < 5 || (rounds < 10 && Math.min(sides.old, sides.new) < 2); rounds++) {
    await scene.scale(1)
    await scene.until('one pod serves', 60, () => Promise.resolve(scene.seen.serving() === 1))
    const before = new Set(scene.plane.aws.launches.keys())
    scene.seen.mark()
    const ahead = (early + late) / 2
    const scaleAhead = async () => {
      await scene.scale(3)
      await sleep(ahead)
    }

    await scene.rollOut({ snapshotId: to, edit: hurried, cluster: disturbed(scene.cluster, 'NodePool', { before: scaleAhead }) })
    expect(scene.seen.serving()).toBe(3)
    expect(scene.seen.fewest()).toBeGreaterThanOrEqual(1)
    expect(await misplaced(scene)).toEqual([])
    // Two pods were asked for: each had its first node from the old snapshot, or none until the new one was there.
    const launched = [...scene.plane.aws.launches.values()].filter(({ instanceId }) => !before.has(instanceId))
    const old = launched.filter(({ snapshotId }) => snapshotId === from).length
    sides.old += old
    sides.new += 2 - old
    if (old > 0) early = ahead
    else late = ahead
    ;[from, to] = [to, from]
  }
  console.log(
    `Pods of scale-ups around ${rounds} switches: ${sides.old} on the old side, ${sides.new} on the new one; the border is ${late}–${early} ms before`,
  )
  expect(Math.min(sides.old, sides.new)).toBeGreaterThanOrEqual(2)
})

test('the same scale-up does land on the wrong snapshot where one NodeClass is changed in place', async () => {
  const inPlace = (text: string, file: string) => {
    const renamed = file === 'deployment.yaml' ? text : text.replace(/\bname: '?vllm-\$\{NODECLASS_HASH\}'?/, 'name: vllm')
    return hurried(renamed).replaceAll('${NODECLASS_HASH}', '${SNAPSHOT_ID}')
  }
  await scene.scale(1)
  await scene.rollOut({ edit: inPlace })
  expect(await misplaced(scene)).toEqual([])
  const scaleUp = async () => {
    await scene.scale(3)
    await sleep(4000)
  }
  await scene.rollOut({
    snapshotId: snapshots.second,
    edit: inPlace,
    cluster: disturbed(scene.cluster, 'EC2NodeClass', { after: scaleUp }),
  })
  expect(await misplaced(scene)).not.toEqual([])
})
