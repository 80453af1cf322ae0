import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type RecordedRequest } from '@prebake/simulator'
import { parseAllDocuments } from 'yaml'
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

const demands = () => sent.filter(({ server }) => server === 'aws').flatMap((request) => demandsOf(request, account))

test('everything that pruning sends is allowed, nothing else is, and each statement is needed', () => {
  const denied = demands().filter((demand) => allowedBy(policy, demand).length === 0)
  expect(denied.map(({ action, resource }) => `${action} ${resource}`)).toEqual([])
  expect(actionsOf(policy)).toEqual([...new Set(demands().map(({ action }) => action))].toSorted())
  const used = new Set(demands().flatMap((demand) => allowedBy(policy, demand)))
  expect(policy.Statement.map(({ Sid }) => Sid).filter((sid) => !used.has(sid))).toEqual([])
})

test('in the cluster it reads the NodeClasses, and may do nothing else', () => {
  const asked = sent.filter(({ server }) => server === 'kubernetes').flatMap(accessesOf)
  expect(asked.filter((access) => !allows(roles, access)).map(wordsFor)).toEqual([])
  expect(accessesIn(roles).map(wordsFor)).toEqual([...new Set(asked.map(wordsFor))])
})
