import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectCluster } from '@prebake/kubernetes'
import type { DoctorReport } from '../src/doctor/doctor.ts'
import { leaveBuilder } from './leave-builder.ts'
import { openTerminal, type TerminalScene } from './open-terminal.ts'
import { takeSnapshot } from './take-snapshot.ts'

const { signal } = new AbortController()
let scene: TerminalScene
let snapshotId: string
beforeAll(async () => {
  scene = await openTerminal({ rate: 300 })
  snapshotId = await takeSnapshot(scene.simulator)
  const served = await scene.run('optimize-vllm', ['--yes', '--snapshot-id', snapshotId, ...scene.settings])
  if (served.exitCode !== 0) throw new Error([...served.lines, served.stderr].join('\n'))
})
afterAll(() => scene.close())

async function examine(environment: Readonly<Record<string, string | undefined>> = {}) {
  const before = scene.changes().length
  const { exitCode, lines, stderr } = await scene.run('doctor', ['--json'], { environment })
  expect(scene.changes()).toHaveLength(before)
  expect(stderr).toBe('')
  const report = JSON.parse(lines.join('\n')) as DoctorReport
  return { exitCode, report, codes: report.findings.map(({ code }) => code) }
}

test('a cluster that serves has no error', async () => {
  const { exitCode, report } = await examine()
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(report).toMatchObject({ schema: 1, account: { accountId: '123456789012' }, cluster: { version: expect.stringMatching(/^v1/) } })
  expect(exitCode).toBe(0)
})

test('it finds three planted faults, and changes nothing', async () => {
  const { cluster } = await connectCluster({ kubeconfig: scene.simulator.kubeconfig })
  // A rollout that was killed has left its NodePool paused.
  const pool = {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name: 'vllm', annotations: { 'prebake.dev/held': 'local-1-gone' } },
  }
  await cluster.apply({ ...pool, spec: await specOf(cluster, 'karpenter.sh/v1', 'NodePool') }, { dryRun: false, force: true }, signal)
  // The pods select a label that no NodePool gives.
  const spec = (await specOf(cluster, 'apps/v1', 'Deployment')) as { template: { spec: object } }
  const lost = {
    ...spec,
    template: { ...spec.template, spec: { ...spec.template.spec, nodeSelector: { 'prebake.dev/nodeclass': 'vllm-gone' } } },
  }
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'vllm', namespace: 'default' }, spec: lost }
  await cluster.apply(deployment, { dryRun: false, force: true }, signal)
  const builder = await leaveBuilder(scene.simulator.account)
  await scene.simulator.sleep(200)

  const { exitCode, report, codes } = await examine()
  expect(exitCode).toBe(1)
  expect(codes).toContain('nodepool-paused')
  expect(codes).toContain('builder-left-behind')
  expect(report.findings.find(({ code }) => code === 'builder-left-behind')?.cause).toContain(builder)
  const pending = report.findings.find(
    ({ severity, evidence }) => severity === 'error' && evidence.some((line) => line.startsWith('Pod default/vllm-')),
  )
  expect(pending?.cause).toMatch(/label|node/i)
  for (const { remedy } of report.findings) expect(remedy).not.toBe('')

  const { lines } = await scene.run('doctor', [])
  expect(lines.join('\n')).toMatch(/^1\. Error: .* \[[\w-]+\]$/m)
})

async function specOf(cluster: Awaited<ReturnType<typeof connectCluster>>['cluster'], apiVersion: string, kind: string): Promise<unknown> {
  return (
    await cluster.get({ apiVersion, kind, name: 'vllm', namespace: kind === 'Deployment' ? 'default' : undefined } as never, signal)
  )?.['spec']
}

test('a snapshot file that names nothing is found', async () => {
  const file = join(scene.folder, '.snapshot-id')
  writeFileSync(file, 'snap-0123456789abcdef0\n')
  expect((await examine()).codes).toContain('snapshot-not-found')
  writeFileSync(file, `${snapshotId}\n`)
  expect(readFileSync(file, 'utf8')).toContain(snapshotId)
})

test('without credentials the cluster is examined all the same, and the other way round', async () => {
  const blind = await examine({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined })
  expect(blind.codes).toEqual(expect.arrayContaining(['aws-credentials-missing', 'nodepool-paused']))
  const lost = await examine({ KUBECONFIG: '/nowhere' })
  expect(lost.codes).toEqual(expect.arrayContaining(['kubeconfig-not-found', 'builder-left-behind']))
  expect(lost.exitCode).toBe(1)
})
