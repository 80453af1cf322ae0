import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateLaunchTemplateCommand,
  CreateVolumeCommand,
  EC2Client,
  EnableFastSnapshotRestoresCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { repositoryVariable } from '@prebake/action-kit'
import { runStep } from '@prebake/action-kit/testing'
import { connectAws } from '@prebake/aws'
import { connectCluster } from '@prebake/kubernetes'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'

const { signal } = new AbortController()
const region = 'us-west-2'
const mapping = (SnapshotId: string) => [{ DeviceName: '/dev/xvdb', Ebs: { SnapshotId } }]

/** As a rollout leaves it that is lost with its `post`. */
const template = { spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'idle' }, requirements: [] } }
const budgets = [{ nodes: '2' }]
const pausedPool = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: {
    name: 'paused',
    annotations: {
      'prebake.dev/held': '7-1-x',
      'prebake.dev/held-until': '2026-01-01T00:00:00Z',
      'prebake.dev/served-before': JSON.stringify({ template, disruption: { budgets } }),
    },
  },
  spec: { template, disruption: { budgets: [...budgets, { nodes: '0', reasons: ['Drifted'] }] } },
}

let simulator: Simulator
let folder: string
/** By what names them. */
const ids: Record<string, string> = {}

beforeAll(async () => {
  simulator = await startSimulator({ rate: 1200 })
  folder = mkdtempSync(join(tmpdir(), 'prune-test-'))
  const { snapshots } = await connectAws({ region, account: simulator.account })
  const volumeId = await bootVolume(simulator)
  const take = async (name: string, more: Record<string, string> = {}) => {
    const tags = {
      'prebake:run': '1-1-x@octo-org/vllm-on-eks',
      'prebake:fingerprint': name,
      'prebake:model': 'a/model',
      'prebake:architecture': 'x86_64',
    }
    ids[name] = (await snapshots.create(volumeId, name, { ...tags, 'prebake:verified': 'quick', ...more }, signal)).snapshotId
    await simulator.sleep(2)
    return ids[name]
  }
  const kinds = ['unused', 'node-class', 'template', 'volume', 'image', 'variable', 'parameter', 'file', 'protect', 'previous']
  for (const name of kinds) await take(name)
  await take('foreign', { 'prebake:run': '1-1-x@other/repo' })
  await take('newest', { 'prebake:previous': ids['previous'] ?? '' })
  while ((await snapshots.get(ids['newest'] ?? '', signal))?.state !== 'completed') await simulator.sleep(20)

  const ec2 = new EC2Client({ region, ...simulator.account })
  const ssm = new SSMClient({ region, ...simulator.account })
  const id = (name: string) => ids[name] ?? ''
  await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: 'x', LaunchTemplateData: { BlockDeviceMappings: mapping(id('template')) } }),
  )
  await ec2.send(new CreateVolumeCommand({ SnapshotId: id('volume'), AvailabilityZone: `${region}a` }))
  await ec2.send(new RegisterImageCommand({ Name: 'golden', BlockDeviceMappings: mapping(id('image')) }))
  await ec2.send(
    new EnableFastSnapshotRestoresCommand({ SourceSnapshotIds: [id('unused'), id('volume')], AvailabilityZones: [`${region}a`] }),
  )
  await ssm.send(new PutParameterCommand({ Name: '/vllm/snapshot', Value: id('parameter'), Type: 'String' }))
  const github = { owner: 'octo-org', repo: 'vllm-on-eks', token: simulator.variableToken, apiUrl: simulator.endpoints.github }
  await repositoryVariable({ ...github, name: 'ANY_NAME' }).write(id('variable'), signal)
  const { cluster } = await connectCluster({ kubeconfig: simulator.kubeconfig })
  const nodeClass = {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name: 'idle' },
    spec: {
      role: 'node',
      amiSelectorTerms: [{ alias: 'bottlerocket@1.69.0' }],
      subnetSelectorTerms: [{ tags: { a: 'b' } }],
      securityGroupSelectorTerms: [{ tags: { a: 'b' } }],
      blockDeviceMappings: [{ deviceName: '/dev/xvdb', ebs: { snapshotID: id('node-class'), volumeSize: '150Gi' } }],
    },
  }
  await cluster.apply(nodeClass, { dryRun: false, force: false }, signal)
  await cluster.apply(pausedPool, { dryRun: false, force: false }, signal)
  // Every snapshot becomes older than an hour.
  await simulator.sleep(3700)
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  rmSync(join(folder, 'workspace'), { recursive: true, force: true })
  mkdirSync(join(folder, 'workspace/deploy'), { recursive: true })
  writeFileSync(join(folder, 'workspace/deploy/snapshot.env'), `SNAPSHOT_ID=${ids['file']}\n`)
})

async function prune(inputs: Record<string, string> = {}, environment: Record<string, string> = {}) {
  const before = simulator.requests().length
  const { main } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: {
      keep: '1',
      'older-than': '1h',
      'cluster-name': simulator.clusterName,
      'variable-token': simulator.variableToken,
      protect: `keep ${ids['protect']}, please`,
      ...inputs,
    },
    environment: { ...simulator.environment, ...environment },
    workspace: join(folder, 'workspace'),
    temp: folder,
  })
  const lines = main.lines.join('\n')
  return {
    ...main,
    lines,
    requests: simulator
      .requests()
      .slice(before)
      .map(({ operation }) => operation),
  }
}
const alive = () => simulator.aws.snapshots().map(({ snapshotId }) => snapshotId)

test('all that is wrong with the inputs is reported at once, and nothing is asked of anyone', async () => {
  const { exitCode, lines, requests } = await prune({ keep: '0', 'older-than': 'old', 'variable-token': '', prices: 'x=1' })
  expect(exitCode).toBe(1)
  for (const input of ['keep', 'older-than', 'variable-token', 'prices']) expect(lines).toContain(`\`${input}\``)
  expect(requests).toEqual([])
})

test('region, credentials, kubeconfig and files that are wrong are reported at once', async () => {
  const nothing = { AWS_REGION: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', HOME: folder }
  const { exitCode, lines, requests } = await prune({ 'cluster-name': '', kubeconfig: '/none', files: '../x' }, nothing)
  expect(exitCode).toBe(1)
  for (const input of ['aws-region', 'AWS credentials', 'kubeconfig', 'files']) expect(lines).toContain(`\`${input}\``)
  expect(requests).toEqual([])
})

test('a dry run tells the reason for each and what it would save, and deletes nothing', async () => {
  const before = alive()
  const { exitCode, outputs, summary, requests, lines } = await prune()
  expect({ exitCode, lines: exitCode === 0 ? '' : lines }).toEqual({ exitCode: 0, lines: '' })
  expect(alive()).toEqual(before)
  expect(JSON.parse(outputs['deletable'] ?? '')).toEqual([ids['unused']])
  expect(outputs['deleted']).toBe('[]')
  const report = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as { snapshots: { snapshotId: string; reason: string }[] }
  const reasons = Object.fromEntries(report.snapshots.map(({ snapshotId, reason }) => [snapshotId, reason]))
  const named = ['node-class', 'template', 'volume', 'image', 'variable', 'parameter', 'file', 'protect']
  expect(reasons).toEqual({
    ...Object.fromEntries(named.map((name) => [ids[name], 'named'])),
    [ids['unused'] ?? '']: 'superseded',
    [ids['foreign'] ?? '']: 'other-repository',
    [ids['newest'] ?? '']: 'newest',
    [ids['previous'] ?? '']: 'previous',
  })
  // What lost runs have left goes all the same.
  expect(simulator.kubernetes.objects('NodePool')).toMatchObject([{ metadata: { annotations: {} }, spec: { disruption: { budgets } } }])
  expect(lines).toMatch(/NodePool paused: .*drift resumed/)
  // 45 GiB, and two zone months of Fast Snapshot Restore.
  expect(outputs['saved-dollars-per-month']).toBe('1097.25')
  expect(summary).toContain('would be turned off')
  expect(requests.filter((operation) => operation === 'DescribeSnapshots')).toHaveLength(1)
  expect(requests.filter((operation) => /^(Delete|Disable|Terminate|Create)/.test(operation))).toEqual([])
})

test('a place that may not be read: nothing that it may name is deleted, and the statement to add is reported', async () => {
  const before = alive()
  const { exitCode, outputs, lines, requests } = await prune({ 'dry-run': 'false', 'variable-token': simulator.githubToken })
  expect(exitCode).toBe(0)
  expect(alive()).toEqual(before)
  expect(outputs['deleted']).toBe('[]')
  expect(lines).toMatch(/::warning.*variables of octo-org\/vllm-on-eks could not be read/)
  expect(requests.filter((operation) => /^(Delete|Disable)/.test(operation))).toEqual([])
})

test('without `dry-run` what nothing uses goes, with its restores, and nothing else', async () => {
  const before = alive()
  const { exitCode, outputs, requests } = await prune({ 'dry-run': 'false' })
  expect(exitCode).toBe(0)
  expect(before.filter((snapshotId) => !alive().includes(snapshotId))).toEqual([ids['unused']])
  expect(JSON.parse(outputs['deleted'] ?? '')).toEqual([ids['unused']])
  expect(requests.filter((operation) => /^(Delete|Disable)/.test(operation))).toEqual(['DisableFastSnapshotRestores', 'DeleteSnapshot'])
  // Again: nothing is left to do.
  expect((await prune({ 'dry-run': 'false' })).outputs).toMatchObject({ deleted: '[]', 'saved-dollars-per-month': '0.00' })
})

test('launch templates that may not be listed keep everything', async () => {
  const before = alive()
  await simulator.aws.disturb({ kind: 'permission-lost', action: 'ec2:DescribeLaunchTemplateVersions' })
  const { exitCode, outputs, lines } = await prune({ 'dry-run': 'false', files: 'none', protect: '' })
  expect(exitCode).toBe(0)
  expect(outputs['deleted']).toBe('[]')
  expect(alive()).toEqual(before)
  expect(lines).toContain('ec2:DescribeLaunchTemplateVersions')
})
