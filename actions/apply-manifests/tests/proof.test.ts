import { expect, test } from '@jest/globals'
import { openProofWorld, type ProofWorld } from './proof-world.ts'
import { nodeClass, setOf, type SetOptions } from './published-sets.ts'

// Each in a world of its own: they wait for simulated time most of their own, and run beside each other.
const limit = 120_000
/** What the hint of `pods-on-old-nodes` says. */
const versioned: SetOptions = {
  className: 'gpu-${NODECLASS_HASH}',
  labels: "intent: llm, 'prebake.dev/nodeclass': 'gpu-${NODECLASS_HASH}'",
}
const drifted = (world: ProofWorld) =>
  (world.simulator.kubernetes.objects('NodeClaim') as unknown as readonly { status: { conditions: readonly { type: string }[] } }[]).filter(
    ({ status }) => status.conditions.some(({ type }) => type === 'Drifted'),
  )

test.concurrent(
  'a fixed name, and the pods have no reason to move: refused before anything is applied, and what the hint says works',
  async () => {
    await using world = await openProofWorld()
    const first = await world.roll(setOf(world.snapshots[0]))
    expect(first.result).toMatchObject({ changed: true, unproven: [] })
    const [before] = world.readyPods()

    const second = await world.roll(setOf(world.snapshots[1]))
    expect(second.error).toMatchObject({ name: 'InputError', errorCode: 'pods-on-old-nodes' })
    expect(second.error?.message).toContain('${NODECLASS_HASH}')
    expect(JSON.stringify(world.simulator.kubernetes.objects('EC2NodeClass'))).not.toContain(world.snapshots[1])
    expect(second.gaps).toBe(0)
    await world.simulator.sleep(900)
    expect(drifted(world)).toEqual([])
    expect(world.readyPods().map(({ metadata }) => metadata.uid)).toEqual([before?.metadata.uid])

    const third = await world.roll(setOf(world.snapshots[1], versioned))
    expect(third.result).toMatchObject({ changed: true, unproven: [] })
    expect(third.gaps).toBe(0)
    const [after] = world.readyPods()
    expect(world.classOf(after?.spec.nodeName)).toMatch(/^gpu-[0-9a-f]{10}$/)
    await world.simulator.sleep(900)
    expect(world.readyPods().map(({ metadata }) => metadata.uid)).toEqual([after?.metadata.uid])
  },
  limit,
)

test.concurrent(
  'a fixed name, and the pods move: proven, on nodes of the new content, by surge',
  async () => {
    await using world = await openProofWorld()
    await world.roll(setOf(world.snapshots[0], { annotations: 'snapshot: one' }))
    const { result, gaps } = await world.roll(setOf(world.snapshots[1], { annotations: 'snapshot: two' }))
    expect(result).toMatchObject({ changed: true, unproven: [] })
    expect(gaps).toBe(0)
    const [after] = world.readyPods()
    await world.simulator.sleep(900)
    expect(world.readyPods().map(({ metadata }) => metadata.uid)).toEqual([after?.metadata.uid])
  },
  limit,
)

test.concurrent(
  'a NodeClass alone, which a NodePool of another team uses: applied, and not proven',
  async () => {
    await using world = await openProofWorld()
    await world.roll(setOf(world.snapshots[0]))
    const { result, lines } = await world.roll(nodeClass(world.snapshots[1]))
    expect(result?.changed).toBe(true)
    expect(result?.unproven).toEqual([
      expect.stringContaining('NodePool gpu refers to EC2NodeClass gpu'),
      expect.stringContaining('what serves was not checked'),
    ])
    expect(lines.filter((line) => line.startsWith('Not proven: '))).toHaveLength(2)
  },
  limit,
)

test.concurrent(
  'a container without probes: ready when its process starts, so not proven',
  async () => {
    await using world = await openProofWorld()
    const { result } = await world.roll(setOf(world.snapshots[0], { probes: false }))
    expect(result?.unproven).toEqual([
      expect.stringContaining('Deployment default/llm: container vllm has neither readinessProbe nor startupProbe'),
    ])
  },
  limit,
)

test.concurrent(
  'a StatefulSet is waited for and judged like a Deployment',
  async () => {
    await using world = await openProofWorld()
    const set = (snapshotId: string, more: SetOptions = {}) => setOf(snapshotId, { kind: 'StatefulSet', ...versioned, ...more })
    const first = await world.roll(set(world.snapshots[0]))
    expect(first.result).toMatchObject({ unproven: [] })
    expect(first.lines).toContainEqual(expect.stringMatching(/^StatefulSet default\/llm: 1 of 1 updated, 1 ready/))
    const [before] = world.readyPods()
    const second = await world.roll(set(world.snapshots[1]))
    expect(second.result).toMatchObject({ changed: true, unproven: [] })
    const [after] = world.readyPods()
    expect(world.classOf(after?.spec.nodeName)).not.toBe(world.classOf(before?.spec.nodeName))
    const broken = await world.roll(set(world.snapshots[1], { model: '/opt/nothing' }))
    expect(broken.error).toMatchObject({ errorCode: 'rollout-rolled-back', reason: 'deployment-failed' })
    expect(world.readyPods()).toHaveLength(1)
    // Left as it is, and then fixed: the StatefulSet waits for its broken pod unless that is deleted.
    await world.roll(set(world.snapshots[1], { model: '/opt/nothing' }), { rollback: false })
    expect(world.readyPods()).toEqual([])
    expect((await world.roll(set(world.snapshots[1]))).result).toMatchObject({ changed: true, unproven: [] })
  },
  limit,
)

test.concurrent(
  'a StatefulSet with a fixed name, whose pod comes back on its old node: not green',
  async () => {
    await using world = await openProofWorld()
    const set = (snapshotId: string, version: string) => setOf(snapshotId, { kind: 'StatefulSet', annotations: `snapshot: ${version}` })
    await world.roll(set(world.snapshots[0], 'one'))
    const { error } = await world.roll(set(world.snapshots[1], 'two'))
    expect(error).toMatchObject({ reason: 'pods-on-old-nodes' })
  },
  limit,
)

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      tolerations: [{ operator: Exists }]
      containers: [{ name: web, image: 'docker.io/library/nginx@sha256:${'b2'.repeat(32)}', resources: { requests: { cpu: 100m, memory: 64Mi } } }]
`
const otherServer = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: tgi }
spec:
  selector: { matchLabels: { app: tgi } }
  template:
    metadata: { labels: { app: tgi } }
    spec:
      nodeSelector: { intent: llm }
      tolerations: [{ operator: Exists }]
      containers: [{ name: tgi, image: 'ghcr.io/huggingface/text-generation-inference@sha256:${'d4'.repeat(32)}', resources: { limits: { nvidia.com/gpu: 1 } }, readinessProbe: { httpGet: { path: /health, port: 80 } } }]
`

test.concurrent.each<[string, SetOptions, string]>([
  ['a sidecar', { container: `- { name: proxy, image: 'docker.io/envoyproxy/envoy@sha256:${'c3'.repeat(32)}' }` }, ''],
  ['pods without a GPU that run anywhere', {}, web],
])(
  '%s changes nothing about what is proven',
  async (_title, options, more) => {
    await using world = await openProofWorld()
    const set = (snapshotId: string) => [setOf(snapshotId, { ...versioned, ...options }), more].filter(Boolean).join('---')
    expect((await world.roll(set(world.snapshots[0]))).result).toMatchObject({ unproven: [] })
    const second = await world.roll(set(world.snapshots[1]))
    expect(second.result).toMatchObject({ changed: true, unproven: [] })
  },
  limit,
)

test.concurrent(
  'a second server that does not follow the switch: no error, and said',
  async () => {
    await using world = await openProofWorld()
    const set = (snapshotId: string) => [setOf(snapshotId, versioned), otherServer].join('---')
    expect((await world.roll(set(world.snapshots[0]))).result).toMatchObject({ unproven: [] })
    const { result, gaps } = await world.roll(set(world.snapshots[1]))
    expect(result).toMatchObject({ changed: true, unproven: [expect.stringContaining('Deployment default/tgi')] })
    expect(gaps).toBe(0)
  },
  limit,
)

test.concurrent(
  'no capacity says nothing about the snapshot; with capacity the same set rolls out',
  async () => {
    await using world = await openProofWorld()
    const limited = (snapshotId: string, gpus: number) =>
      setOf(snapshotId, versioned).replace('  disruption:', `  limits: { nvidia.com/gpu: ${gpus} }\n  disruption:`)
    await world.roll(limited(world.snapshots[0], 1))
    const failed = await world.roll(limited(world.snapshots[1], 1), { timeoutMs: 600_000 })
    expect(failed.error).toMatchObject({ errorCode: 'rollout-rolled-back', reason: 'deployment-timeout' })
    expect(failed.gaps).toBe(0)
    expect((await world.roll(limited(world.snapshots[1], 2))).result).toMatchObject({ changed: true, unproven: [] })
  },
  limit,
)
