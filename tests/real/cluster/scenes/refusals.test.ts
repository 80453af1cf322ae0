import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { InputError } from '@prebake/kernel'
import { snapshots } from '../aws/world.ts'
import { without, type Right } from './deploy-role.ts'
import { startScene, type Changes, type Scene } from './start-scene.ts'
import { stateOfManifests } from './state-of-manifests.ts'

/** What cannot be applied is told in the API server's words, all of it at once, and leaves everything as it was. */
let scene: Scene
let pods: readonly string[]
beforeAll(async () => {
  scene = await startScene()
  await scene.rollOut()
  pods = [...scene.seen.landings.keys()]
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
      /\.spec\.limits\.nvidia\.com\/gpu: kubectl-edit, \.spec\.template\.spec\.expireAfter: kubectl-edit\. Leave them out/,
    ),
    expect.stringContaining('.spec.progressDeadlineSeconds: argocd-controller. Leave them out'),
  ])
  expect(await scene.rollOut({ force: true })).toMatchObject({ changed: true, revision: '1' })
  expect([...scene.seen.landings.keys()]).toEqual(pods)
})

/** Everything under another name: for a right that only a new object needs. */
const renamed = (text: string) => text.replaceAll(/^( {2}name: )(vllm|inference)$/gm, '$1other')

const karpenter = { group: 'karpenter.sh', resource: 'nodepools' }
const nodeClasses = { group: 'karpenter.k8s.aws', resource: 'ec2nodeclasses' }
const deployments = { group: 'apps', resource: 'deployments' }
const services = { group: '', resource: 'services' }
test.each<Right & Changes>([
  { ...nodeClasses, verb: 'get' },
  { ...nodeClasses, verb: 'create' },
  { ...nodeClasses, verb: 'patch' },
  { ...karpenter, verb: 'get' },
  { ...karpenter, verb: 'create', edit: renamed },
  { ...karpenter, verb: 'patch' },
  { ...deployments, verb: 'get' },
  { ...deployments, verb: 'create', edit: renamed },
  { ...deployments, verb: 'patch' },
  { ...services, verb: 'get' },
  { ...services, verb: 'create', edit: renamed },
  { ...services, verb: 'patch' },
])('a role without $verb on $resource: both are named, and where', async ({ edit, ...right }) => {
  const error = await without(scene.plane.api, right, () => refused({ ...(edit && { edit }), dryRun: true }))
  const name = right.group === '' ? right.resource : `${right.resource}.${right.group}`
  const place = right.resource === 'deployments' || right.resource === 'services' ? 'in the namespace default' : 'in the whole cluster'
  expect(problemsOf(error)).toEqual([
    expect.stringContaining(`Give this user a role with the verb \`${right.verb}\` on \`${name}\` ${place}.`),
  ])
})

test.each<Right & { readonly edit?: Changes['edit'] }>([
  { group: '', resource: 'namespaces', verb: 'get' },
  { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', verb: 'get' },
  {
    group: 'autoscaling',
    resource: 'horizontalpodautoscalers',
    verb: 'list',
    edit: (text) => text.replace(/^ {2}strategy:/m, '  replicas: 1\n$&'),
  },
  { group: '', resource: 'pods', verb: 'list' },
  { group: 'apps', resource: 'replicasets', verb: 'list' },
  { group: '', resource: 'nodes', verb: 'list' },
])('a role without $verb on $resource: the rollout goes on, and says what it could not see', async ({ edit, ...right }) => {
  const from = scene.log.length
  await without(scene.plane.api, right, () => scene.rollOut(edit && { edit, dryRun: true }))
  expect(scene.log.slice(from).join('\n')).toContain(`cannot ${right.verb} resource "${right.resource}"`)
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
    'what it said stands in the log of Karpenter',
  ],
])('a NodeClass with %s never gets Ready: told at the limit, and nothing is switched to it', async (_, changes, words, hint) => {
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
