import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { region, startSimulator, type RecordedRequest, type Simulator } from '@prebake/simulator'
import { demandsOf, type Account } from './demands-of.ts'
import { actionsOf, allowedBy, type Demand, type Policy } from './judge-iam.ts'
import { readWorkflows } from '../../workflows/read-workflows.ts'

const root = join(import.meta.dirname, '../../..')
const accountId = '123456789012'
const policy = (name: string) =>
  JSON.parse(
    readFileSync(join(root, 'deploy/infra/iam', `${name}.json`), 'utf8')
      .replaceAll('ACCOUNT_ID', accountId)
      .replaceAll('CLUSTER_NAME', 'demo'),
  ) as Policy

/** What is not sent in a build that goes well, and where it is sent. */
const onlyWhenItFails = ['ec2:DeleteSnapshot']
/** Asks for no permission of its own name. */
const impliedByRunInstances = ['iam:PassRole']

let folder: string
let simulator: Simulator
let sent: readonly RecordedRequest[]
let account: Account
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-iam-'))
  mkdirSync(join(folder, 'machines'))
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const { aws, environment } = simulator
  const tags: Record<string, Readonly<Record<string, string>>> = {}
  const remember = () => {
    for (const { instanceId, tags: given } of aws.instances()) tags[instanceId] = given
    for (const { snapshotId, tags: given } of aws.snapshots()) tags[snapshotId] = given
    // A volume goes with its instance, tags and all.
    for (const { volumeId, tags: given } of aws.volumes()) tags[volumeId] = given
  }
  const run = (action: string, inputs: Readonly<Record<string, string>>) =>
    runStep({ action: join(root, 'actions', action), inputs, environment, workspace: folder, temp: folder, onLine: remember })
  const build = await run('build-snapshot', simulator.demoInputs)
  await build.post?.()
  const snapshotId = build.main.outputs['snapshot-id'] ?? ''
  const publish = await run('publish-snapshot', { 'snapshot-id': snapshotId, 'variable-token': simulator.variableToken })
  const failed = [...build.main.lines, ...publish.main.lines].filter((line) => line.startsWith('::error'))
  if (failed.length > 0) throw new Error(failed.join('\n'))
  sent = simulator.requests().filter(({ server }) => server === 'aws')
  account = { region, accountId, role: 'prebake-builder', tagsOf: (id) => tags[id] ?? {} }
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

const demands = () => sent.flatMap((request) => demandsOf(request, account))

/** The actions that the adapter names for its requests. */
const named = () =>
  globSync('packages/aws/src/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/call(?:Pages)?\(\s*'([a-z0-9]+:\w+)'/g)].map(([, action]) => action ?? ''),
  )

test('build role: everything that a build and its publication send is allowed', () => {
  const build = policy('build-role')
  const denied = demands().filter((demand) => allowedBy(build, demand).length === 0)
  expect(new Set(denied.map(({ action, resource }) => `${action} ${resource}`))).toEqual(new Set())
  expect(new Set(sent.map(({ operation }) => operation)).size).toBeGreaterThan(10)
})

test('build role: nothing else is allowed', () => {
  const asked = new Set([...demands().map(({ action }) => action), ...onlyWhenItFails, ...impliedByRunInstances])
  expect(actionsOf(policy('build-role'))).toEqual([...asked].toSorted())
  for (const action of onlyWhenItFails) expect(named()).toContain(action)
})

test('build role: each statement is needed', () => {
  const build = policy('build-role')
  const used = new Set(demands().flatMap((demand) => allowedBy(build, demand)))
  expect(build.Statement.map(({ Sid }) => Sid).filter((sid) => !used.has(sid))).toEqual([])
})

test('build, deploy and prune role: every action that the adapter names stands in one of them', () => {
  const allowed = ['build-role', 'build-role-ecr', 'deploy-role', 'prune-role'].flatMap((role) => actionsOf(policy(role)))
  expect(named().length).toBeGreaterThan(10)
  expect(named().filter((action) => !allowed.includes(action))).toEqual([])
})

const ec2 = 'arn:aws:ec2:us-west-2:123456789012'
const foreign: readonly (readonly [what: string, role: string, demand: Demand])[] = [
  ['end a foreign machine', 'build-role', { action: 'ec2:TerminateInstances', resource: `${ec2}:instance/i-1`, context: {} }],
  ['command a foreign machine', 'build-role', { action: 'ssm:SendCommand', resource: `${ec2}:instance/i-1`, context: {} }],
  [
    'command by another document',
    'build-role',
    { action: 'ssm:SendCommand', resource: 'arn:aws:ssm:us-west-2::document/AWS-RunPowerShellScript', context: {} },
  ],
  ['make a snapshot of another volume', 'build-role', { action: 'ec2:CreateSnapshot', resource: `${ec2}:volume/vol-1`, context: {} }],
  [
    'delete a foreign snapshot',
    'build-role',
    { action: 'ec2:DeleteSnapshot', resource: 'arn:aws:ec2:us-west-2::snapshot/snap-1', context: {} },
  ],
  [
    'tag what is there, so that it could be ended',
    'build-role',
    { action: 'ec2:CreateTags', resource: `${ec2}:instance/i-1`, context: { 'aws:RequestTag/prebake:run': 'x' } },
  ],
  ['launch without the tag', 'build-role', { action: 'ec2:RunInstances', resource: `${ec2}:instance/new`, context: {} }],
  [
    'give the builder another role',
    'build-role',
    { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/admin', context: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  ],
  [
    'read parameters of the account',
    'build-role',
    { action: 'ssm:GetParameter', resource: 'arn:aws:ssm:us-west-2:123456789012:parameter/password', context: {} },
  ],
  [
    'find another cluster',
    'deploy-role',
    { action: 'eks:DescribeCluster', resource: 'arn:aws:eks:us-west-2:123456789012:cluster/other', context: {} },
  ],
  [
    'call a snapshot verified',
    'deploy-role',
    {
      action: 'ec2:CreateTags',
      resource: 'arn:aws:ec2:us-west-2::snapshot/snap-1',
      context: { 'aws:ResourceTag/prebake:run': 'x', 'aws:TagKeys': ['prebake:verified'] },
    },
  ],
  [
    'prune a foreign snapshot',
    'prune-role',
    { action: 'ec2:DeleteSnapshot', resource: 'arn:aws:ec2:us-west-2::snapshot/snap-1', context: {} },
  ],
  ['prune a foreign volume', 'prune-role', { action: 'ec2:DeleteVolume', resource: `${ec2}:volume/vol-1`, context: {} }],
  ['prune a foreign machine', 'prune-role', { action: 'ec2:TerminateInstances', resource: `${ec2}:instance/i-1`, context: {} }],
  [
    'remove all tags of a snapshot, which a request without a key does',
    'deploy-role',
    { action: 'ec2:DeleteTags', resource: 'arn:aws:ec2:us-west-2::snapshot/snap-1', context: { 'aws:ResourceTag/prebake:run': 'x' } },
  ],
]
test.each(foreign)('no role may %s (%s)', (_what, role, demand) => {
  expect(allowedBy(policy(role), demand)).toEqual([])
})

test('deploy role: may find its cluster, look up snapshots, instance types and quotas, reject a snapshot, and take that back', () => {
  const deploy = policy('deploy-role')
  const cluster = { operation: 'DescribeCluster', parameters: { name: 'demo' } } as RecordedRequest
  const look = { operation: 'DescribeSnapshots', parameters: {} } as RecordedRequest
  const types = { operation: 'DescribeInstanceTypes', parameters: {} } as RecordedRequest
  const quota = { operation: 'GetServiceQuota', parameters: {} } as RecordedRequest
  const [snapshot] = simulator.aws.snapshots()
  const reject = { operation: 'CreateTags', parameters: { ResourceId: [snapshot?.snapshotId], Tag: [{ Key: 'prebake:rejected' }] } }
  const clear = { ...reject, operation: 'DeleteTags' }
  for (const request of [cluster, look, types, quota, ...([reject, clear] as unknown as readonly RecordedRequest[])])
    for (const demand of demandsOf(request, account)) expect(allowedBy(deploy, demand)).toHaveLength(1)
})

test.each([
  ['github-trust', ['PREBAKE_BUILD_ROLE', 'PREBAKE_PRUNE_ROLE'], ['prebake']],
  ['github-trust-deploy', ['PREBAKE_DEPLOY_ROLE'], ['production', 'benchmark']],
])('%s names the environments of the jobs that take the role, in both forms of the subject', (file, roles, environments) => {
  const [statement] = policy(file).Statement
  const { 'token.actions.githubusercontent.com:sub': sub } = statement?.Condition?.['StringEquals'] ?? {}
  const repositories = ['OWNER/REPO', 'OWNER@OWNER_ID/REPO@REPO_ID']
  expect(sub).toEqual(repositories.flatMap((repository) => environments.map((name) => `repo:${repository}:environment:${name}`)))

  const taking = readWorkflows()
    .flatMap(({ jobs }) => Object.values(jobs))
    .filter(({ steps }) => steps.some((step) => roles.some((role) => String(step.with?.['role-to-assume']).includes(role))))
  const used = taking.map(({ environment }) => (typeof environment === 'object' ? environment.name : environment))
  expect(new Set(used)).toEqual(new Set(environments))
})
