import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { releases, imageId, snapshots } from '../aws/world.ts'
import { startScene, type Scene } from './start-scene.ts'
import { misplaced } from './where-pods-landed.ts'

/** deploy/vllm as it is shipped, from the first rollout on. */
let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterEach(() => {
  // eslint-disable-next-line jest/no-standalone-expect -- what the watcher saw belongs to the test that has just run
  expect(scene.seen.fault()).toBeUndefined()
})
afterAll(() => scene?.[Symbol.asyncDispose]())

const nodeNames = async () => (await scene.nodes()).map(({ metadata }) => metadata.name)
const launchOf = (instanceId: string) => scene.plane.aws.launches.get(instanceId)

test('the snapshot arrives in the launch template that Karpenter makes', async () => {
  const result = await scene.rollOut()
  expect(result).toMatchObject({ changed: true, revision: '1' })
  expect(scene.seen.serving()).toBe(1)
  const [node = ''] = await nodeNames()
  const volume = [...(launchOf(node)?.launchTemplate ?? [])].filter(([key]) => key.startsWith('LaunchTemplateData.BlockDeviceMapping.2.'))
  expect(Object.fromEntries(volume.map(([key, value]) => [key.replace('LaunchTemplateData.BlockDeviceMapping.2.', ''), value]))).toEqual({
    DeviceName: '/dev/xvdb',
    'Ebs.SnapshotId': snapshots.first,
    'Ebs.VolumeSize': '150',
    'Ebs.VolumeType': 'gp3',
    'Ebs.Iops': '3000',
    'Ebs.Throughput': '600',
    'Ebs.VolumeInitializationRate': '300',
    'Ebs.DeleteOnTermination': 'true',
  })
  expect(launchOf(node)?.imageId).toBe(imageId(releases[0], 'nvidia', 'x86_64'))
})

test('with nothing to do, nothing is changed and no pod is touched', async () => {
  const before = [...scene.seen.landings.keys()]
  scene.seen.mark()
  expect(await scene.rollOut()).toMatchObject({ changed: false, revision: '1' })
  expect([...scene.seen.landings.keys()]).toEqual(before)
  expect(scene.seen.fewest()).toBe(1)
})

test('another snapshot moves every pod by surge, never below the wanted number, and the old nodes go', async () => {
  await scene.scale(3)
  await scene.until('three pods serve', 60, () => Promise.resolve(scene.seen.serving() === 3))
  const old = await nodeNames()
  scene.seen.mark()

  expect(await scene.rollOut({ snapshotId: snapshots.second })).toMatchObject({ changed: true, revision: '2' })
  expect(scene.seen.serving()).toBe(3)
  expect((await scene.deployment())?.spec.replicas).toBe(3)
  const present = [...scene.seen.landings.values()].slice(-3)
  expect(present.map(({ node }) => launchOf(node)?.snapshotId)).toEqual(Array(3).fill(snapshots.second))
  expect(await misplaced(scene)).toEqual([])

  await scene.until('the old nodes are gone', 180, async () => (await nodeNames()).every((name) => !old.includes(name)))
  expect(scene.seen.serving()).toBe(3)
  expect(scene.seen.fewest()).toBe(3)
})

test('another release of Bottlerocket rolls the nodes, without another snapshot', async () => {
  scene.seen.mark()
  const edit = (text: string) => text.replace(`bottlerocket@v${releases[0]}`, `bottlerocket@v${releases[1]}`)
  expect(await scene.rollOut({ snapshotId: snapshots.second, edit })).toMatchObject({ changed: true, revision: '3' })
  const launches = [...scene.seen.landings.values()].slice(-3).map(({ node }) => launchOf(node))
  expect(launches.map((launch) => launch?.imageId)).toEqual(Array(3).fill(imageId(releases[1], 'nvidia', 'x86_64')))
  expect(launches.map((launch) => launch?.snapshotId)).toEqual(Array(3).fill(snapshots.second))
  expect(await misplaced(scene)).toEqual([])
  expect(scene.seen.fewest()).toBe(3)
})
