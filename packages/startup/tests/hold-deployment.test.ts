import { expect, test } from '@jest/globals'
import type { Reporter } from '@prebake/kernel'
import { holdAnnotation, holdDeployment, restoreReplicas, type ReplicasBefore, type Workload } from '../src/index.ts'
import { inMemoryWorkload } from './in-memory-workload.ts'
import { steppingClock } from './stepping-clock.ts'

const signal = AbortSignal.any([])
const request = { deployment: 'vllm', namespace: 'default', from: 1, to: 3, timeoutMs: 300_000, run: '4711-1-aaaaaaaa' }
const other = { ...request, run: '4712-1-bbbbbbbb' }

async function scene(replicas = 1) {
  const clock = steppingClock(new Date('2026-01-01T12:00:00Z'))
  const workload = inMemoryWorkload(clock, [], 100)
  await workload.scale('vllm', 'default', replicas, signal)
  workload.scaled.splice(0)
  const lines: string[] = []
  const add = (line: string) => void lines.push(line)
  const reporter = { info: add, progress: add, notice: add, warning: add } as unknown as Reporter
  const ports = { workload, clock, reporter }
  const hold = async (given = request, more: Partial<Workload> = {}) => {
    const before: ReplicasBefore[] = []
    const held = await holdDeployment(given, { ...ports, workload: { ...workload, ...more } }, signal, (found) => before.push(found))
    return { ...held, before: before.at(-1) as ReplicasBefore }
  }
  const replicasNow = async () => (await workload.deployment('vllm', 'default', signal))?.replicas
  const annotation = async () => (await workload.deployment('vllm', 'default', signal))?.annotations[holdAnnotation]
  return { clock, workload, lines, ports, hold, replicasNow, annotation }
}

test('the run and what it found stand on the Deployment, until the replicas are restored', async () => {
  const { workload, hold, replicasNow, annotation } = await scene()
  const { from, before } = await hold()
  expect(from).toBe(1)
  expect(JSON.parse((await annotation()) ?? '')).toEqual({ run: request.run, replicas: 1, set: [1, 3], until: '2026-01-01T13:10:00.000Z' })
  await workload.scale('vllm', 'default', 3, signal)
  expect(await restoreReplicas(before, { workload }, signal)).toEqual({ outcome: 'restored', was: 3 })
  expect([await replicasNow(), await annotation()]).toEqual([1, undefined])
  expect(await restoreReplicas(before, { workload }, signal)).toEqual({ outcome: 'unchanged' })
})

test('a second run waits, and goes on as soon as the first has restored', async () => {
  const { clock, workload, lines, hold } = await scene()
  const { before } = await hold()
  await workload.scale('vllm', 'default', 3, signal)
  clock.after(60_000, () => void restoreReplicas(before, { workload }, signal))
  const second = await hold(other)
  expect(second.before).toMatchObject({ run: other.run, replicas: 1 })
  expect(lines).toContain(`vllm: the run ${request.run} holds it`)
})

test('a second run refuses when the first does not end', async () => {
  const { workload, hold } = await scene()
  await hold()
  await expect(hold(other)).rejects.toMatchObject({ errorCode: 'deployment-held', message: expect.stringContaining(request.run) })
  expect(workload.scaled).toEqual([])
})

test.each([
  ['a later attempt of the same workflow run', '4711-2-cccccccc', 0],
  ['any run, when its time is over', other.run, 2 * 3_600_000],
])('the replicas of a lost run are not taken for what was there: %s', async (_title, run, laterMs) => {
  const { clock, workload, hold, replicasNow } = await scene()
  const lost = await hold()
  await workload.scale('vllm', 'default', 3, signal)
  await clock.sleep(laterMs, signal)
  const { found, before } = await hold({ ...request, run })
  expect([found.replicas, before.replicas, await replicasNow()]).toEqual([1, 1, 1])
  // Its own cleanup, which comes late, leaves what the other one holds.
  await workload.scale('vllm', 'default', 3, signal)
  expect(await restoreReplicas(lost.before, { workload }, signal)).toEqual({ outcome: 'left', was: 3, holder: run })
  expect(await restoreReplicas(before, { workload }, signal)).toEqual({ outcome: 'restored', was: 3 })
})

test('never below what serves, and refused when that is no scale-up', async () => {
  const { hold } = await scene(2)
  expect((await hold()).from).toBe(2)
  const { workload, hold: again } = await scene(3)
  await expect(again()).rejects.toMatchObject({ errorCode: 'replicas-not-increased' })
  expect(workload.scaled).toEqual([])
})

test.each<[string, string, Partial<Workload>]>([
  ['missing', 'deployment-not-found', { deployment: async () => undefined }],
  ['scaled by others', 'replicas-autoscaled', { scalers: async () => ({ names: ['ScaledObject vllm'], unread: [] }) }],
])('a Deployment that is %s is refused before anything is changed', async (_title, errorCode, more) => {
  const { workload, hold, annotation } = await scene()
  await expect(hold(request, more)).rejects.toMatchObject({ errorCode })
  expect([workload.scaled, await annotation()]).toEqual([[], undefined])
})

test('a paused Deployment is refused', async () => {
  const { workload, hold } = await scene()
  const paused = async () => ({ ...(await workload.deployment('vllm', 'default', signal)), paused: true }) as never
  await expect(hold(request, { deployment: paused })).rejects.toMatchObject({ errorCode: 'deployment-paused' })
})

test('autoscalers that may not be listed are a warning', async () => {
  const { hold, lines } = await scene()
  await hold(request, { scalers: async () => ({ names: [], unread: ['list ScaledObject: forbidden'] }) })
  expect(lines.join()).toContain('list ScaledObject: forbidden')
})

test('two runs at the same moment: one of them holds it', async () => {
  const { hold } = await scene()
  const results = await Promise.allSettled([hold(), hold(other)])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test.each([
  ['replicas of another client are left', 7, { outcome: 'left', was: 7 }],
  ['what is as it was is only given free', 1, { outcome: 'unchanged' }],
] as const)('%s', async (_title, now, outcome) => {
  const { workload, hold, annotation } = await scene()
  const { before } = await hold()
  await workload.scale('vllm', 'default', now, signal)
  expect(await restoreReplicas(before, { workload }, signal)).toEqual(outcome)
  expect(await annotation()).toBeUndefined()
})

test('replicas of a Deployment that is gone', async () => {
  const { workload } = await scene()
  const gone = { deployment: 'gone', namespace: 'default', replicas: 2, set: [1, 3], run: request.run }
  expect(await restoreReplicas(gone, { workload }, signal)).toEqual({ outcome: 'gone' })
})
