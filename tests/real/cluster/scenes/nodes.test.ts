import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { releases, imageId, snapshots } from '../aws/world.ts'
import type { ApiObject } from '../parts/api.ts'
import { disturbed } from './disturbed.ts'
import { startScene, type Scene } from './start-scene.ts'
import { misplaced } from './where-pods-landed.ts'

/** Nodes that go for another reason than a rollout: a machine image that is replaced, a machine that is lost. */
let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterEach(() => {
  // eslint-disable-next-line jest/no-standalone-expect -- what the watcher saw belongs to the test that has just run
  expect(scene.seen.fault()).toBeUndefined()
})
afterAll(() => scene?.[Symbol.asyncDispose]())

const approved = ['prebake.test/approved', 'yes'] as const
/** As shipped, but that the image is the newest approved one. */
const byTag = (text: string) =>
  text.replace(`- alias: bottlerocket@v${releases[0]}`, `- tags: { ${approved[0]}: '${approved[1]}' }\n  amiFamily: Bottlerocket`)
const [oldImage, newImage] = [imageId(releases[0], 'nvidia', 'x86_64'), imageId(releases[1], 'nvidia', 'x86_64')]

interface Pod extends ApiObject {
  readonly spec: { readonly nodeName?: string }
}
/** Pods that are not being ended. */
async function presentPods(): Promise<readonly Pod[]> {
  const pods = await scene.plane.api.list<Pod>('/api/v1/namespaces/default/pods?labelSelector=app%3Dvllm')
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
}

/** What the nodes were launched from that pods run on now. */
async function launchesInUse() {
  return (await presentPods()).map(({ spec }) => scene.plane.aws.launches.get(spec.nodeName ?? ''))
}

test('a new machine image replaces the nodes, one after the other, with neither a bake nor a rollout', async () => {
  const { aws } = scene.plane
  await aws.tag(oldImage, ...approved)
  await scene.rollOut({ edit: byTag })
  await scene.scale(2)
  await scene.until('two pods serve', 60, () => Promise.resolve(scene.seen.serving() === 2))
  expect((await launchesInUse()).map((launch) => launch?.imageId)).toEqual([oldImage, oldImage])
  scene.seen.mark()

  await aws.tag(newImage, ...approved)
  await scene.until('all pods serve on the new image', 240, async () => {
    const launches = await launchesInUse()
    return launches.length === 2 && launches.every((launch) => launch?.imageId === newImage) && scene.seen.serving() === 2
  })
  expect((await launchesInUse()).map((launch) => launch?.snapshotId)).toEqual([snapshots.first, snapshots.first])
  expect(await misplaced(scene)).toEqual([])
  // Karpenter has a new node ready before it evicts from the old one; an evicted pod is gone before its successor starts. The NodePool's budget lets
  // that be one at a time.
  expect(scene.seen.fewest()).toBe(1)
  expect(await scene.rollOut({ edit: byTag })).toMatchObject({ changed: false, revision: '1' })
})

test('an old node is lost in the middle of a rollout: it succeeds, and nothing comes from the old snapshot any more', async () => {
  const { aws, kubelets } = scene.plane
  const before = new Set(aws.launches.keys())
  scene.seen.mark()
  let lost = ''
  const loseOne = async () => {
    // The Deployment's controller may have made a new one by now.
    const pod = (await presentPods()).find(({ spec }) => before.has(spec.nodeName ?? ''))
    lost = pod?.spec.nodeName ?? ''
    await aws.terminate(lost)
    await kubelets.lose(lost)
  }
  const result = await scene.rollOut({
    snapshotId: snapshots.second,
    edit: byTag,
    cluster: disturbed(scene.cluster, 'Deployment', { after: loseOne }),
  })
  expect(result).toMatchObject({ changed: true, revision: '2' })
  expect(before).toContain(lost)
  expect(scene.seen.serving()).toBe(2)
  expect(scene.seen.fewest()).toBe(1)
  const launched = [...aws.launches.values()].filter(({ instanceId }) => !before.has(instanceId))
  expect(launched.map(({ snapshotId }) => snapshotId)).toEqual([snapshots.second, snapshots.second])
  expect((await launchesInUse()).map((launch) => launch?.snapshotId)).toEqual([snapshots.second, snapshots.second])
  expect(await misplaced(scene)).toEqual([])
})
