import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { DoctorReport } from '../../../terminal/src/doctor/doctor.ts'
import { leaveBuilder } from '../../../terminal/tests/leave-builder.ts'
import { openTerminal, type RealTerminal } from './open-terminal.ts'

/** The commands of the Makefile, as a reader runs them, on the real control plane with the real Karpenter and on moto. */
let terminal: RealTerminal
beforeAll(async () => {
  terminal = await openTerminal()
  await terminal.serveBaseline()
})
afterAll(() => terminal?.[Symbol.asyncDispose]())

const found = () => ['--yes', '--build', `images=${terminal.simulator.demoInputs['images']}`]
const deployment = () => terminal.plane.api.get('/apis/apps/v1/namespaces/default/deployments/vllm')
const launches = () => [...terminal.plane.aws.launches.values()]

test('a dry run of optimize-vllm asks the API server, and changes nothing', async () => {
  const before = await deployment()
  const { exitCode, text } = await terminal.make('optimize-vllm', ['--dry-run', ...found()])
  expect({ exitCode, text }).toMatchObject({ exitCode: 0, text: expect.stringContaining('Deployment default/vllm would be changed') })
  expect((await deployment())?.metadata).toMatchObject({ generation: before?.metadata.generation })
  expect(() => terminal.read('.snapshot-id')).toThrow('ENOENT')
})

test('Ctrl-C in the middle of a bake ends the builder', async () => {
  const { exitCode, text } = await terminal.make('optimize-vllm', found(), () => terminal.running().length > 0)
  expect(text).toContain('Stopping, and ending what was begun')
  expect(exitCode).not.toBe(0)
  expect(terminal.running()).toEqual([])
})

test('optimize-vllm bakes, and Karpenter launches nodes from the snapshot', async () => {
  const before = launches().length
  const { exitCode, text } = await terminal.make('optimize-vllm', found())
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 })
  const snapshotId = terminal.read('.snapshot-id').trim()
  expect(
    launches()
      .slice(before)
      .map((launch) => launch.snapshotId),
  ).toEqual([snapshotId])
  expect(text).toMatch(/^Before: 1 pod.*\n.*^After: {2}1 pod/ms)
  expect(await deployment()).toMatchObject({ status: { readyReplicas: 1, updatedReplicas: 1 } })
  expect(terminal.running()).toEqual([])
})

async function examine() {
  const { exitCode, stdout } = await terminal.make('doctor', ['--json'])
  const report = JSON.parse(stdout) as DoctorReport
  return { exitCode, report, codes: report.findings.map(({ code }) => code) }
}

test('doctor finds no error where all is well', async () => {
  const { exitCode, report } = await examine()
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(exitCode).toBe(0)
})

test('doctor finds three planted faults', async () => {
  const { api } = terminal.plane
  // A rollout that was killed has left its NodePool paused.
  const held = { metadata: { annotations: { 'prebake.dev/held': 'local-1-gone' } } }
  await api.patch('/apis/karpenter.sh/v1/nodepools/vllm', held)
  // The pods select a label that no NodePool gives.
  const lost = { spec: { template: { spec: { nodeSelector: { 'prebake.dev/nodeclass': 'vllm-gone' } } } } }
  await api.patch('/apis/apps/v1/namespaces/default/deployments/vllm', lost)
  const builder = await leaveBuilder({ ...terminal.simulator.account, endpoint: terminal.aws })
  const { exitCode, report, codes } = await examine()
  expect(exitCode).not.toBe(0)
  expect(codes).toEqual(expect.arrayContaining(['nodepool-paused', 'builder-left-behind']))
  expect(report.findings.find(({ code }) => code === 'builder-left-behind')?.cause).toContain(builder)
  const pending = report.findings.find(({ evidence }) => evidence.some((line) => line.startsWith('Pod default/vllm-')))
  expect(pending).toMatchObject({ severity: 'error', cause: expect.stringMatching(/label|node/i) })
})
