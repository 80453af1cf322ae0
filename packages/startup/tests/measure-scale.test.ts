import { expect, test } from '@jest/globals'
import type { Reporter } from '@prebake/kernel'
import type { ObservedKind, Workload } from '../src/ports/workload.ts'
import { measureScale } from '../src/measure/measure-scale.ts'
import { buildTimelines } from '../src/timeline/build-timelines.ts'
import { inMemoryWorkload } from './in-memory-workload.ts'
import type { PodScript } from './play-pod.ts'
import { onNewNode, onOldNode, stuckPulling } from './scale-scripts.ts'
import { steppingClock } from './stepping-clock.ts'

const request = { deployment: 'vllm', namespace: 'default', from: 1, to: 3, timeoutMs: 300_000 }
const signal = new AbortController().signal

const found = { podSelector: 'app=vllm', image: 'x', paused: false, annotations: {}, resourceVersion: '1' }

function scene(...scripts: readonly PodScript[]) {
  const clock = steppingClock(new Date('2026-01-01T12:00:00.250Z'))
  const workload = inMemoryWorkload(clock, scripts, 1)
  const lines: string[] = []
  const reporter = {
    info: (line: string) => lines.push(line),
    progress: (line: string) => lines.at(-1) !== line && lines.push(line),
    warning: (line: string) => lines.push(`warning: ${line}`),
  } as unknown as Reporter
  return { clock, workload, lines, ports: { workload, clock, reporter } }
}

test('scales, records until all new pods are Ready, and tells what changed', async () => {
  const { workload, lines, ports } = scene(onNewNode, onOldNode)
  const measurement = await measureScale(request, ports, signal)
  expect(workload.scaled).toEqual([1, 3])
  expect(measurement).toMatchObject({ timedOut: false, pods: ['vllm-7d9f-p1', 'vllm-7d9f-p2'], image: 'vllm/vllm-openai:v0.11.0' })
  expect(measurement.logs['vllm-7d9f-p1']).toHaveLength(11)
  expect(lines).toContain('2 new pods: 1 waiting for a node, 1 starting')
  expect(lines).toContain('2 new pods: 1 starting, 1 ready')
})

test('a pod on a new node: every phase has its seconds, and they add up', async () => {
  const { ports } = scene(onNewNode, onOldNode)
  const [pod] = buildTimelines(await measureScale(request, ports, signal))
  expect(pod).toMatchObject({ node: 'gpu-1', newNode: true, instanceType: 'g5.2xlarge', cacheHit: true, compileCache: 'hit', ready: true })
  expect(pod?.dropped).toEqual([])
  const seconds: Record<string, number> = {}
  for (const row of pod?.rows ?? []) seconds[row.phase] = Math.round(((seconds[row.phase] ?? 0) + row.seconds) * 1000) / 1000
  expect(seconds).toEqual({
    'scale.request': 0,
    'controller.create': 0,
    'karpenter.decide': 1.2,
    'nodeclaim.launch': 3.1,
    'ec2.boot': 35.3,
    'node.ready': 6.6,
    'gpu.allocatable': 9.2,
    'pod.bind': 0.5,
    'kubelet.accept': 0.2,
    sandbox: 5.6,
    image: 0,
    'container.create': 0.7,
    'python.import': 8.2,
    'api.config': 6.2,
    'engine.spawn': 3.7,
    'model.init': 0.62,
    'weights.read': 7.58,
    'weights.post': 0.6,
    // 26.9 to 27.68, 36.0 to 36.2, 39.2 to 39.4: around the compilation and the graphs.
    'engine.other': 1.18,
    compile: 6.42,
    'kv.profile': 1.9,
    'graphs.capture': 3,
    'server.start': 1.6,
    'probe.slack': 1.9,
  })
  expect(pod?.rows.reduce((sum, row) => sum + row.seconds, 0)).toBeCloseTo(pod?.wallSeconds ?? NaN, 6)
  expect(pod?.startupSeconds).toBeCloseTo(105.3, 0)
})

test('a pod on a node that was there has no row of a launch', async () => {
  const { ports } = scene(onNewNode, onOldNode)
  const pod = buildTimelines(await measureScale(request, ports, signal))[1]
  expect(pod).toMatchObject({ node: 'gpu-0', newNode: false, ready: true })
  expect(pod?.rows.slice(2, 4)).toMatchObject([
    { phase: 'pod.bind', seconds: 0.1, source: 'event SuccessfulCreate (name) → event Scheduled (name)', clock: 'control plane' },
    { phase: 'kubelet.accept', clock: 'control plane → node', precisionMs: 1000 },
  ])
})

test('at the limit the stuck pod stays, with its phase and the words of the cluster', async () => {
  const { lines, ports } = scene(stuckPulling, onOldNode)
  const measurement = await measureScale(request, ports, signal)
  expect(measurement.timedOut).toBe(true)
  const [stuck, ready] = buildTimelines(measurement)
  expect(stuck).toMatchObject({
    ready: false,
    lastPhase: 'image',
    lastSeen: 'ImagePullBackOff: Back-off pulling image',
    cacheHit: undefined,
  })
  expect(stuck?.rows.at(-1)).toMatchObject({ phase: 'image', unfinished: true })
  expect(stuck?.wallSeconds).toBeGreaterThan(299)
  expect(ready?.ready).toBe(true)
  expect(lines.at(-1)).toMatch(/^warning: Waited 300 s for 2 new pods to be Ready: not reached. Last seen: 2 new pods: 1 creating, 1 ready/)
})

test('no such Deployment: refused, nothing changed', async () => {
  const { workload, ports } = scene()
  const measuring = measureScale({ ...request, deployment: 'vlm' }, ports, signal)
  await expect(measuring).rejects.toMatchObject({ errorCode: 'deployment-not-found' })
  expect(workload.scaled).toEqual([])
})

test('replicas that never become Ready end the wait before anything is measured', async () => {
  const { workload, ports } = scene()
  const deployment = async () => ({ ...found, replicas: 1, readyReplicas: 0 })
  const stuck = { ...ports, workload: { ...workload, deployment } }
  await expect(measureScale(request, stuck, signal)).rejects.toThrow('for vllm to have 1 Ready replicas: not reached. Last seen: 0 of 1')
})

function refusing(kind: ObservedKind, workload: Workload): Workload {
  return {
    ...workload,
    watch: async function* (...[query, until]) {
      if (query.kind === kind) throw new Error(`${kind} is forbidden.`)
      yield* workload.watch(query, until)
    },
  }
}

test('without a watch of the pods there is nothing to measure', async () => {
  const { workload, ports } = scene(onOldNode)
  await expect(measureScale(request, { ...ports, workload: refusing('Pod', workload) }, signal)).rejects.toThrow('Pod is forbidden')
  expect(workload.scaled).toEqual([1])
})

test('without a watch of the claims their phases are unattributed', async () => {
  const { workload, lines, ports } = scene(onNewNode, onOldNode)
  const [pod] = buildTimelines(await measureScale(request, { ...ports, workload: refusing('NodeClaim', workload) }, signal))
  expect(lines).toContain('warning: Watch NodeClaim objects: NodeClaim is forbidden. Those phases will show as unattributed.')
  expect(pod).toMatchObject({ newNode: true, ready: true })
  expect(pod?.rows.slice(2, 4).map(({ phase }) => phase)).toEqual(['unattributed', 'node.ready'])
})

test('a cancel ends the measurement', async () => {
  const { clock, ports } = scene(onNewNode, onOldNode)
  const cancel = new AbortController()
  clock.after(30_000, () => cancel.abort())
  await expect(measureScale(request, ports, cancel.signal)).rejects.toThrow('cancelled')
})

test('an unreadable log costs its rows, not the measurement', async () => {
  const { workload, lines, ports } = scene(onOldNode, onOldNode)
  const log = async (pod: string) => {
    if (pod.endsWith('p1')) throw new Error('container not found')
    return workload.log(pod, 'default', signal)
  }
  const [first, second] = buildTimelines(await measureScale(request, { ...ports, workload: { ...workload, log } }, signal))
  expect(lines).toContain('warning: Read the log of vllm-7d9f-p1: container not found')
  expect(first?.rows.at(-1)).toMatchObject({ phase: 'unattributed' })
  expect(second?.rows.at(-1)).toMatchObject({ phase: 'probe.slack' })
})
