import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import type { RollOutPorts } from '../src/index.ts'
import { judgeSnapshots } from '../src/roll-back/reject-snapshots.ts'
import { FailedRollout, WorkloadFailure } from '../src/rollout-errors.ts'
import { memoryPointer } from './memory-pointer.ts'
import { recordingReporter } from './recording-reporter.ts'
import { testCluster } from '../../kubernetes/tests/test-cluster.ts'

const nodeClass = (name: string, snapshotID: string): KubernetesObject => ({
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name },
  spec: { blockDeviceMappings: [{ deviceName: '/dev/xvdb', ebs: { snapshotID } }] },
})
const nodePool = (name: string): KubernetesObject => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'vllm' },
  spec: { template: { spec: { nodeClassRef: { name } } } },
})
const change = (document: KubernetesObject, before?: KubernetesObject) => ({
  manifest: { document, file: 'x.yaml', line: 1, column: 1, unresolved: [] } as never,
  before,
  after: undefined,
  changes: true,
})
const switched = [change(nodeClass('two', 'snap-2')), change(nodePool('two'), nodePool('one'))]
const inPlace = [change(nodeClass('one', 'snap-2'), nodeClass('one', 'snap-1')), change(nodePool('one'), nodePool('one'))]
const fault = { snapshotId: 'snap-2', cause: 'model-missing', evidence: 'no such folder' } as const
const rolledBack = new FailedRollout('Roll out: failed.', { code: 'rollout-rolled-back', reason: 'deployment-failed', hint: 'Fix it.' })

async function judge(
  cause: { readonly fault?: typeof fault },
  {
    planned = switched,
    pointsTo = 'snap-2',
    ended = rolledBack as Error,
    ...more
  }: Partial<RollOutPorts> & { planned?: typeof switched; pointsTo?: string; ended?: Error } = {},
) {
  const cluster = await testCluster()
  cluster.add(nodeClass('one', 'snap-1'))
  const rejected: string[] = []
  const pointer = memoryPointer(pointsTo)
  const verdicts = { reject: (id: string, reason: string) => Promise.resolve(void rejected.push(`${id}: ${reason}`)) }
  const reporter = recordingReporter()
  const ports = { cluster, reporter, verdicts, pointer, ...more } as unknown as RollOutPorts
  const failure = new WorkloadFailure('Roll out: failed.', { code: 'deployment-failed', snapshotFault: cause.fault })
  const error = (await judgeSnapshots(failure, ended, planned, 'run-1', ports, new AbortController().signal)) as FailedRollout
  return { error, rejected, pointer: pointer.value, lines: reporter.lines }
}

test('a snapshot at fault is rejected with its cause, the pointer points back, and the hint holds the way back', async () => {
  const { error, rejected, pointer, lines } = await judge({ fault })
  expect(rejected).toEqual(['snap-2: rollout run-1: model-missing: no such folder'])
  expect(pointer).toBe('snap-1')
  expect(lines).toEqual(['snap-2 tagged as rejected (model-missing)', 'the pointer: snap-2 → snap-1'])
  expect(error).toMatchObject({ errorCode: 'rollout-rolled-back', reason: 'deployment-failed', rolledBack: true })
  expect(error.message).toContain('snap-2 is to blame (model-missing).')
  expect(error.hint).toMatch(/`rebuild: true`.*`snapshot-id: snap-2` and `clear-rejection: true`/)
})

test('any other cause says nothing: neither tag nor pointer, and the hint stays', async () => {
  const { error, rejected, pointer } = await judge({})
  expect([rejected, pointer]).toEqual([[], 'snap-2'])
  expect(error).toMatchObject({ hint: 'Fix it.', message: 'Roll out: failed.\nNothing here speaks against snap-2: not rejected.' })
})

test('a NodeClass that changed under its name: its former snapshot is the one that the pointer goes back to', async () => {
  expect(await judge({ fault }, { planned: inPlace })).toMatchObject({ pointer: 'snap-1', rejected: [expect.stringContaining('snap-2')] })
})

test('a snapshot that served before is not rejected, whatever its pods say now', async () => {
  const { rejected, pointer, error } = await judge({ fault: { ...fault, snapshotId: 'snap-1' } as never }, { pointsTo: 'snap-1' })
  expect([rejected, pointer]).toEqual([[], 'snap-1'])
  expect(error.message).toContain('snap-1 is to blame')
})

test('a pointer that has moved on stays', async () => {
  expect(await judge({ fault }, { pointsTo: 'snap-3' })).toMatchObject({
    pointer: 'snap-3',
    lines: expect.arrayContaining(['the pointer points to snap-3; left unchanged']),
  })
})

test('where the snapshots from before cannot be read, none is rejected: one that serves must not be', async () => {
  const failure = new ServiceError({ operation: 'get EC2NodeClass one', code: 'Forbidden', message: 'no', status: 403 })
  const cluster = { ...(await testCluster()), get: () => Promise.reject(failure) }
  const { rejected, pointer, lines } = await judge({ fault }, { cluster })
  expect([rejected, pointer]).toEqual([[], 'snap-2'])
  expect(lines).toEqual([expect.stringMatching(/^No snapshot was rejected: .*Forbidden: no$/)])
})

test('a tag that is refused is a warning, and the hint does not speak of a rejection that is not there', async () => {
  const refused = new ServiceError({ operation: 'ec2:CreateTags', code: 'UnauthorizedOperation', message: 'no', status: 403 })
  const { error, lines } = await judge({ fault }, { verdicts: { reject: () => Promise.reject(refused) } })
  expect(lines[0]).toMatch(/^snap-2 was not tagged as rejected: .*UnauthorizedOperation/)
  expect(error.hint).not.toContain('clear-rejection')
})

test('a rollout that changed nothing ends with its own error, and the verdict on it', async () => {
  const ended = new WorkloadFailure('Roll out: failed.', { code: 'deployment-failed', snapshotFault: fault })
  const { error } = await judge({ fault }, { ended })
  expect(error).toMatchObject({ name: 'WorkloadFailure', errorCode: 'deployment-failed', hint: expect.stringContaining('clear-rejection') })
})
