import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type RecordedRequest, type Simulator } from '@prebake/simulator'
import { parseAllDocuments } from 'yaml'
import { applyAs } from '../../../actions/apply-manifests/tests/apply-as.ts'
import { layOutAccount } from './lay-out-account.ts'
import { demandsOf, type Account } from './demands-of.ts'
import { actionsOf, allowedBy, type Policy } from './judge-iam.ts'
import { accessesIn, accessesOf, allows, wordsFor, type Role } from './judge-rbac.ts'

const root = join(import.meta.dirname, '../../..')
const accountId = '123456789012'
const policy = JSON.parse(
  readFileSync(join(root, 'deploy/infra/iam/prune-role.json'), 'utf8')
    .replaceAll('ACCOUNT_ID', accountId)
    .replaceAll('CLUSTER_NAME', 'demo'),
) as Policy
const roles = parseAllDocuments(readFileSync(join(root, 'deploy/infra/rbac-read.yaml'), 'utf8'))
  .map((document) => document.toJS() as Role)
  .filter(({ kind }) => kind.endsWith('Role'))

let folder: string
let sent: readonly RecordedRequest[]
let account: Account
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prune-role-'))
  writeFileSync(join(folder, 'file'), 'x')
  const simulator = await startSimulator({ rate: 1200 })
  try {
    await layOutAccount(simulator)
    await leavePause(simulator)
    const tags: Record<string, Readonly<Record<string, string>>> = {}
    for (const each of simulator.aws.instances()) tags[each.instanceId] = each.tags
    for (const each of simulator.aws.snapshots()) tags[each.snapshotId] = each.tags
    for (const each of simulator.aws.volumes()) tags[each.volumeId] = each.tags
    const before = simulator.requests().length
    const { main } = await runStep({
      action: join(root, 'actions/prune-snapshots'),
      inputs: { 'dry-run': 'false', keep: '1', 'older-than': '1h', 'cluster-name': 'demo', 'variable-scope': 'none', 'variable-token': '' },
      environment: simulator.environment,
      workspace: folder,
      temp: join(folder, 'runner'),
    })
    if (main.exitCode !== 0) throw new Error(main.lines.join('\n'))
    sent = simulator.requests().slice(before)
    account = { region: 'us-west-2', accountId, role: 'prebake-builder', tagsOf: (id) => tags[id] ?? {} }
  } finally {
    await simulator.stop()
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A NodePool as a rollout leaves it that is lost with its `post`. */
async function leavePause(simulator: Simulator): Promise<void> {
  const template = { spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'x' }, requirements: [] } }
  const annotations = { 'prebake.dev/held': '7-1-x', 'prebake.dev/served-before': JSON.stringify({ template }) }
  const pool = { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: 'paused', annotations }, spec: { template } }
  await applyAs('prebake', JSON.stringify(pool), simulator)
}

const demands = () => sent.filter(({ server }) => server === 'aws').flatMap((request) => demandsOf(request, account))

test('everything that pruning sends is allowed, nothing else is, and each statement is needed', () => {
  const denied = demands().filter((demand) => allowedBy(policy, demand).length === 0)
  expect(denied.map(({ action, resource }) => `${action} ${resource}`)).toEqual([])
  expect(actionsOf(policy)).toEqual([...new Set(demands().map(({ action }) => action))].toSorted())
  const used = new Set(demands().flatMap((demand) => allowedBy(policy, demand)))
  expect(policy.Statement.map(({ Sid }) => Sid).filter((sid) => !used.has(sid))).toEqual([])
})

/** Kinds that the simulator does not know. */
const elsewhere = ['leaderworkersets', 'inferenceservices', 'rollouts']

test('in the cluster it reads the NodeClasses and ends the pauses of lost rollouts, and may do nothing else', () => {
  // What it applies is there: `create` is asked for only where an object is new.
  const asked = sent
    .filter(({ server }) => server === 'kubernetes')
    .flatMap(accessesOf)
    .filter(({ verb }) => verb !== 'create')
  expect(asked.filter((access) => !allows(roles, access)).map(wordsFor)).toEqual([])
  const given = accessesIn(roles).filter(({ resource }) => !elsewhere.includes(resource))
  expect(given.map(wordsFor).toSorted()).toEqual([...new Set(asked.map(wordsFor))].toSorted())
})
