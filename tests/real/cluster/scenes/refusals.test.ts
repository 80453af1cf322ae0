import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { InputError } from '@prebake/kernel'
import { snapshots } from '../aws/world.ts'
import { fate } from '../nodes/stages.ts'
import { shippedRights, without, type Right } from './deploy-role.ts'
import * as needed from './needed-rights.ts'
import type { Changes } from './shipped-manifests.ts'
import { startScene, type Scene } from './start-scene.ts'
import { stateOfManifests } from './state-of-manifests.ts'

/** What cannot be applied is reported with the API server's message, all at once, and nothing changes. */
let scene: Scene
let pods: readonly string[]
beforeAll(async () => {
  scene = await startScene()
  await scene.rollOut()
  pods = [...scene.seen.landings.keys()]
  scene.seen.mark()
})
afterEach(() => {
  // eslint-disable-next-line jest/no-standalone-expect -- what the watcher saw belongs to the test that has just run
  expect(scene.seen.fault()).toBeUndefined()
})
afterAll(() => scene?.[Symbol.asyncDispose]())

/** What a rollout is refused with, when it would otherwise change everything. */
async function refused(changes: Changes & { readonly dryRun?: boolean }): Promise<InputError> {
  const before = await stateOfManifests(scene.plane.api)
  const error = await scene.rollOut({ snapshotId: snapshots.second, ...changes }).then(
    () => undefined,
    (reason: unknown) => reason as InputError,
  )
  expect(await stateOfManifests(scene.plane.api)).toEqual(before)
  expect([...scene.seen.landings.keys()]).toEqual(pods)
  expect(error).toMatchObject({ name: 'InputError' })
  return error as InputError
}
const problemsOf = (error: InputError) => error.problems.map(({ wrong, remedy }) => `${wrong} ${remedy}`)

test('misspelt fields: each with its path, in the words of the API server', async () => {
  const edit = (text: string, file: string) =>
    file === 'nodepool.yaml' ? text.replace('consolidateAfter', 'consolidatAfter') : text.replace('timeoutSeconds', 'timeoutSecs')
  expect(problemsOf(await refused({ edit }))).toEqual([
    expect.stringContaining('.spec.disruption.consolidatAfter: field not declared in schema'),
    expect.stringContaining('startupProbe.timeoutSecs: field not declared in schema'),
  ])
})

test('fields of another manager: each with its owner, and taken only by force', async () => {
  const { api } = scene.plane
  const change = (path: string, manager: string, spec: object) => api.patch(`${path}?fieldManager=${manager}`, { spec })
  await change('/apis/karpenter.sh/v1/nodepools/vllm', 'kubectl-edit', {
    limits: { 'nvidia.com/gpu': 4 },
    template: { spec: { expireAfter: '24h' } },
  })
  await change('/apis/apps/v1/namespaces/default/deployments/vllm', 'argocd-controller', { progressDeadlineSeconds: 900 })

  expect(problemsOf(await refused({}))).toEqual([
    expect.stringMatching(
      /\.spec\.limits\.nvidia\.com\/gpu: kubectl-edit, \.spec\.template\.spec\.expireAfter: kubectl-edit\. Remove them from the manifest/,
    ),
    expect.stringContaining('.spec.progressDeadlineSeconds: argocd-controller. Remove them from the manifest'),
  ])
  expect(await scene.rollOut({ force: true })).toMatchObject({ changed: true, revision: '1' })
  expect([...scene.seen.landings.keys()]).toEqual(pods)
})

test('every right of the shipped role is needed for something, and nothing else is in it', () => {
  const names = (rights: readonly Right[]) => rights.map(({ group, resource, verb }) => `${verb} ${resource}.${group}`).toSorted()
  expect(names(Object.values(needed).flat())).toEqual(names(shippedRights))
})

test.each(needed.neededToApply)('a role without $verb on $resource: both are named, and where', async ({ edit, ...right }) => {
  const error = await without(scene.plane.api, right, () => refused({ ...(edit && { edit }), dryRun: true }))
  const name = right.group === '' ? right.resource : `${right.resource}.${right.group}`
  const place = ['deployments', 'services'].includes(right.resource) ? 'in the namespace default' : 'in the whole cluster'
  expect(problemsOf(error)).toEqual([
    expect.stringContaining(`Give this user a role with the verb \`${right.verb}\` on \`${name}\` ${place}.`),
  ])
})

/** What a rollout tells while the right is taken away. */
async function reported({ edit, ...right }: Right & Pick<Changes, 'edit'>, dryRun: boolean): Promise<string> {
  const from = scene.log.length
  await without(scene.plane.api, right, () => scene.rollOut({ ...(edit && { edit }), dryRun }))
  return scene.log.slice(from).join('\n')
}
const cannot = ({ verb, resource }: Right) => `cannot ${verb} resource "${resource}"`

test.each(needed.neededToCheck)('a role without $verb on $resource: what was not checked is reported', async (right) => {
  expect(await reported(right, true)).toContain(cannot(right))
})

test.each(needed.neededToProve)('a role without $verb on $resource: what was not proven is reported', async (right) => {
  expect(await reported(right, false)).toContain(cannot(right))
})

test.each(needed.neededToHurry)('a role without $verb on $resource: it does without', async (right) => {
  expect(await without(scene.plane.api, right, () => scene.rollOut())).toMatchObject({ changed: false })
})

test('old versions of the NodeClass that nothing uses go, but for the newest three; a role that forbids it is reported', async () => {
  const { api } = scene.plane
  const path = '/apis/karpenter.k8s.aws/v1/ec2nodeclasses'
  const versions = async () => (await api.list(path)).map(({ metadata }) => metadata.name)
  const [current] = await api.list(path)
  const olds = [1, 2, 3, 4].map((digit) => `vllm-old${digit}`)
  for (const name of olds) {
    const { apiVersion, kind, metadata, spec } = current as typeof current & object
    await api.create(path, { apiVersion, kind, metadata: { name, labels: metadata.labels }, spec })
  }
  for (const right of needed.neededToTidy) expect(await reported(right, false)).toContain(cannot(right))
  expect(await versions()).toHaveLength(5)
  await scene.rollOut()
  await scene.until('one has gone', 30, async () => (await versions()).length === 4)
  expect(await versions()).toContain(current?.metadata.name)
  for (const name of olds) await api.remove(`${path}/${name}`)
  await scene.until('the others have gone', 30, async () => (await versions()).length === 1)
})

test.each<[string, Changes, RegExp, string]>([
  [
    'security groups that are not there',
    { edit: (text) => text.replace(/(securityGroupSelectorTerms:\n.*)\$\{CLUSTER_NAME\}/, '$1elsewhere') },
    /SecurityGroupsReady=False, SecurityGroupsNotFound: SecurityGroupSelector did not match any SecurityGroups/,
    'The condition names the field',
  ],
  [
    // Karpenter 1.14 puts into the condition only that a permission is missing.
    'a snapshot for which EC2 refuses its dry run',
    { snapshotId: 'snap-0ddddddddddddddd4' },
    /ValidationSucceeded=Unknown, AwaitingReconciliation/,
    "Karpenter's log has EC2's answer",
  ],
])('a NodeClass with %s never gets Ready: reported at the limit, and nothing is switched to it', async (_, changes, words, hint) => {
  const before = await stateOfManifests(scene.plane.api)
  const begun = Date.now()
  const error = await scene.rollOut({ ...changes, seconds: 12 }).catch((reason: unknown) => reason)
  expect(Date.now() - begun).toBeLessThan(17_000)
  expect(error).toMatchObject({ name: 'FailedRollout', rolledBack: false, hint: expect.stringContaining(hint) })
  expect((error as Error).message).toMatch(words)
  const after = await stateOfManifests(scene.plane.api)
  // The new NodeClass is left for whoever wants to look at it.
  expect(after.filter(({ kind }) => kind !== 'EC2NodeClass')).toEqual(before.filter(({ kind }) => kind !== 'EC2NodeClass'))
  expect([...scene.seen.landings.keys()]).toEqual(pods)
})

test('a role without events and logs: a crash is explained by what is left, and rolled back all the same', async () => {
  const [events, logs] = needed.neededToExplain as [Right, Right]
  const edit = (text: string) => text.replace(/^ {6}labels: \{ app: vllm \}/m, `$&\n      annotations: { ${fate.crashes}: 'true' }`)
  const { api } = scene.plane
  const error = await without(api, events, () => without(api, logs, () => scene.rollOut({ edit }))).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'FailedRollout', rolledBack: true })
  for (const right of [events, logs]) expect((error as Error).message).toContain(cannot(right))
  expect((error as Error).message).toContain('CrashLoopBackOff: back-off')
  expect(scene.seen.fewest()).toBe(1)
})
