import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { snapshots } from '../aws/world.ts'
import { crashLines } from '../nodes/crash-logs.ts'
import { fate } from '../nodes/stages.ts'
import type { ApiObject } from '../parts/api.ts'
import { startScene, type Scene } from './start-scene.ts'
import { stateOfManifests, type Stated } from './state-of-manifests.ts'
import { misplaced } from './where-pods-landed.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene?.[Symbol.asyncDispose]())

/** As shipped, but that empty nodes go soon. */
const hurried = (text: string) => text.replace('consolidateAfter: 60s', 'consolidateAfter: 2s')
const crashing = (text: string) =>
  hurried(text).replace(/^( {4}metadata:\n)( {6}labels: \{ app: vllm \})/m, `$1      annotations: { ${fate.crashes}: 'true' }\n$2`)

const classOf = (claim: ApiObject) => (claim.spec as { nodeClassRef: { name: string } }).nodeClassRef.name

test('a template that crashes: what served never stops, serves again as it was, and the reason is reported with the end of the log', async () => {
  await scene.rollOut({ edit: hurried })
  await scene.scale(2)
  await scene.until('two pods serve', 60, () => Promise.resolve(scene.seen.serving() === 2))
  const before = await stateOfManifests(scene.plane.api)
  const old = await scene.plane.api.list('/api/v1/nodes')
  const landed = scene.seen.landings.size
  scene.seen.mark()

  const rejected: string[] = []
  const verdicts = { reject: (id: string, reason: string) => Promise.resolve(void rejected.push(`${id}: ${reason}`)) }
  const error = await scene.rollOut({ snapshotId: snapshots.second, edit: crashing, verdicts }).catch((reason: unknown) => reason)

  expect(error).toMatchObject({ name: 'FailedRollout', rolledBack: true })
  const lines = (error as Error).message.split('\n')
  expect(lines[0]).toMatch(/^Roll out Deployment default\/vllm: .*container vllm has crashed 4 times and was never ready/)
  expect(lines).toContainEqual(expect.stringMatching(/^Pod default\/vllm-\S+: CrashLoopBackOff: back-off .*exit code 1 \(Error\)$/))
  expect(lines).toEqual(expect.arrayContaining(crashLines.slice(-50).map((line) => `  ${line}`)))
  expect(lines).not.toContain(`  ${crashLines.at(-51)}`)
  // The pod waited for its node, as every first one of a new version does.
  expect(lines.join('\n')).not.toContain('FailedScheduling')
  expect(lines.at(-2)).toMatch(
    /^Rolled back, and serving as before: NodePool vllm, Deployment default\/vllm\. Newly created objects were left in place: EC2NodeClass vllm-/,
  )
  // A crash by its arguments says nothing against the snapshot.
  expect(lines.at(-1)).toBe(`Nothing here speaks against ${snapshots.second}: not rejected.`)
  expect(rejected).toEqual([])

  // The new pods ran on the new snapshot, and the old ones were not touched.
  expect(await misplaced(scene)).toEqual([])
  const news = [...scene.seen.landings.values()].slice(landed)
  expect(news.map(({ node }) => scene.plane.aws.launches.get(node)?.snapshotId)).toEqual([snapshots.second])
  expect(scene.seen.fewest()).toBe(2)
  expect(scene.seen.serving()).toBe(2)
  const present = await scene.plane.api.list<ApiObject>('/api/v1/nodes')
  expect(present).toEqual(
    expect.arrayContaining(old.map(({ metadata: { uid } }) => expect.objectContaining({ metadata: expect.objectContaining({ uid }) }))),
  )

  const added = news[0]?.wanted ?? ''
  const state = await stateOfManifests(scene.plane.api)
  const others = (states: readonly Stated[]) => states.filter(({ name }) => name !== added)
  expect(others(state)).toEqual(others(before))

  const claims = () => scene.plane.api.list<ApiObject>('/apis/karpenter.sh/v1/nodeclaims')
  await scene.until('no NodeClaim of the new version is left', 90, async () => (await claims()).every((claim) => classOf(claim) !== added))
  expect(await claims()).toHaveLength(2)
  expect(scene.seen.fewest()).toBe(2)

  // The next rollout is an ordinary one.
  expect(await scene.rollOut({ edit: hurried })).toMatchObject({ changed: false })
  expect(scene.seen.fault()).toBeUndefined()
})
