import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../../../packages/rollout/src/index.ts'
import { snapshots } from '../aws/world.ts'
import { startScene, type Scene } from './start-scene.ts'
import { misplaced } from './where-pods-landed.ts'

/**
 * Somebody scales up in the middle of a switch. On one side of it Karpenter makes the node from the old snapshot, on the other side from the new one;
 * what must not be is a pod on a node whose volume is not the one that the pod asked for.
 */
let scene: Scene
beforeEach(async () => {
  scene = await startScene()
})
afterEach(() => {
  // eslint-disable-next-line jest/no-standalone-expect -- what the watcher saw belongs to the test that has just run
  expect(scene.seen.fault()).toBeUndefined()
})
afterEach(() => scene?.[Symbol.asyncDispose]())

/** As shipped, but that empty nodes go soon and many fit, so that one round need not wait for the one before. */
const hurried = (text: string) =>
  text.replace('consolidateAfter: 60s', 'consolidateAfter: 2s').replace('nvidia.com/gpu: 8', 'nvidia.com/gpu: 16')

/** The real cluster, with a scale-up so many milliseconds before (or, above zero, after) the first document of a kind is applied. */
function scalingAround(kind: string, offsetMs: number, replicas: number): Cluster {
  const { cluster } = scene
  return {
    ...cluster,
    async apply(document, options, signal) {
      const isMoment = document.kind === kind && !options.dryRun
      if (isMoment && offsetMs < 0) {
        await scene.scale(replicas)
        await sleep(-offsetMs)
      }
      const applied = await cluster.apply(document, options, signal)
      if (isMoment && offsetMs >= 0) {
        await sleep(offsetMs)
        await scene.scale(replicas)
      }
      return applied
    },
  }
}

/** Karpenter gathers pods for a second before it decides: the switch falls before, into and after that second. */
const offsets = [-3500, -2500, -1800, -1200, -500, 100]

test('a scale-up in the middle of the switch never lands on the wrong snapshot, on neither side of it', async () => {
  await scene.rollOut({ edit: hurried })
  const sides = { old: 0, new: 0 }
  let [from, to]: [string, string] = [snapshots.first, snapshots.second]
  for (const offset of offsets) {
    await scene.scale(1)
    await scene.until('one pod serves', 60, () => Promise.resolve(scene.seen.serving() === 1))
    const before = new Set(scene.plane.aws.launches.keys())
    scene.seen.mark()

    await scene.rollOut({ snapshotId: to, edit: hurried, cluster: scalingAround('NodePool', offset, 3) })
    expect(scene.seen.serving()).toBe(3)
    expect(scene.seen.fewest()).toBeGreaterThanOrEqual(1)
    expect(await misplaced(scene)).toEqual([])
    // Two pods were asked for: each had its first node from the old snapshot, or none until the new one was there.
    const launched = [...scene.plane.aws.launches.values()].filter(({ instanceId }) => !before.has(instanceId))
    const old = launched.filter(({ snapshotId }) => snapshotId === from).length
    sides.old += old
    sides.new += 2 - old
    ;[from, to] = [to, from]
  }
  console.log(`Pods of scale-ups around ${offsets.length} switches: ${sides.old} on the old side, ${sides.new} on the new one`)
  expect(Math.min(sides.old, sides.new)).toBeGreaterThanOrEqual(2)
})

test('the same scale-up does land on the wrong snapshot where one NodeClass is changed in place', async () => {
  const inPlace = (text: string, file: string) => {
    const renamed = file === 'deployment.yaml' ? text : text.replace(/\bname: '?vllm-\$\{NODECLASS_HASH\}'?/, 'name: vllm')
    return hurried(renamed).replaceAll('${NODECLASS_HASH}', '${SNAPSHOT_ID}')
  }
  await scene.rollOut({ edit: inPlace })
  expect(await misplaced(scene)).toEqual([])
  await scene.rollOut({ snapshotId: snapshots.second, edit: inPlace, cluster: scalingAround('NodePool', -4000, 3) })
  expect(await misplaced(scene)).not.toEqual([])
})
