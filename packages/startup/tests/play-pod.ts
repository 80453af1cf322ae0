import type { LogLine, ObservedKind, ObservedObject } from '../src/ports/workload.ts'
import type { SteppingClock } from './stepping-clock.ts'

/** What happens to a pod, in seconds since it was created. What is left out never happens. */
export interface PodScript {
  /** The name of the node that is launched for it; left out, `gpu-0` is there already. */
  readonly newNode?: string
  readonly cacheHit?: boolean
  /** Seconds by which the news of an event comes late, by its reason; Infinity: it never comes. */
  readonly late?: Readonly<Record<string, number>>
  /** Lines of the log with their seconds. */
  readonly log?: readonly (readonly [seconds: number, text: string])[]
  readonly steps: Readonly<
    Partial<
      Record<
        | 'Nominated'
        | 'Launched'
        | 'Registered'
        | 'NodeReady'
        | 'Gpu'
        | 'Scheduled'
        | 'Accepted'
        | 'Sandbox'
        | 'Pulling'
        | 'Pulled'
        | 'Started'
        | 'Ready'
        | 'BackOff',
        number
      >
    >
  >
}

const second = (date: Date) => `${date.toISOString().slice(0, 19)}Z`

/** Where a pod's objects and log appear. */
export interface Stage {
  /** As a change that reaches the watches at once. */
  put(kind: ObservedKind, object: ObservedObject): void
  readonly logs: Map<string, readonly LogLine[]>
}

/** Plays a script as the API server would show it: conditions in whole seconds, events named by nanoseconds. */
export function playPod(
  name: string,
  { newNode, cacheHit = true, late = {}, log = [], steps }: PodScript,
  workload: Stage,
  clock: SteppingClock,
): void {
  const bornMs = clock.now().getTime()
  const conditions: { type: string; status: string; lastTransitionTime: string }[] = []
  const pod: ObservedObject & { spec: { nodeName?: string; containers: unknown[] }; status: Record<string, unknown> } = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, creationTimestamp: second(clock.now()), labels: { app: 'vllm' } },
    spec: { containers: [{ name: 'vllm', resources: { limits: { 'nvidia.com/gpu': '1' } } }] },
    status: { conditions, containerStatuses: [] },
  }
  const put = (change: () => void = () => undefined) => {
    change()
    workload.put('Pod', structuredClone(pod))
  }
  const condition = (type: string) => put(() => conditions.push({ type, status: 'True', lastTransitionTime: second(clock.now()) }))
  const event = (reason: string, message: string, extra: Record<string, unknown> = {}) => {
    const nanoseconds = (BigInt(clock.now().getTime()) * 1_000_000n).toString(16)
    const metadata = { name: `${name}.${nanoseconds}`, uid: `${reason}-${name}`, creationTimestamp: second(clock.now()) }
    const involvedObject = { kind: 'Pod', name, uid: pod.metadata.uid }
    const firstTimestamp = second(clock.now())
    const object = { apiVersion: 'v1', kind: 'Event', metadata, involvedObject, reason, message, firstTimestamp, ...extra }
    const lateMs = (late[reason] ?? 0) * 1000
    if (lateMs === 0) workload.put('Event', object)
    else if (lateMs < Infinity) clock.after(lateMs, () => workload.put('Event', object))
  }
  const container = { fieldPath: 'spec.containers{vllm}', kind: 'Pod', name, uid: pod.metadata.uid }
  const at = (step: keyof PodScript['steps'], act: () => void) => {
    const seconds = steps[step]
    if (seconds !== undefined) clock.after(seconds * 1000, act)
  }

  event('SuccessfulCreate', `Created pod: ${name}`, { involvedObject: { kind: 'ReplicaSet', name: 'vllm-7d9f', uid: 'uid-rs' } })
  put()
  const claim = playNode(newNode, at, workload, clock)
  at('Nominated', () => {
    event('Nominated', `Pod should schedule on: nodeclaim/${newNode}-claim`)
    claim?.()
  })
  at('Scheduled', () => {
    event('Scheduled', `Successfully assigned default/${name} to ${newNode ?? 'gpu-0'}`, {
      eventTime: clock.now().toISOString().replace('Z', '000Z'),
    })
    put(() => (pod.spec.nodeName = newNode ?? 'gpu-0'))
  })
  at('Accepted', () => put(() => (pod.status['startTime'] = second(clock.now()))))
  at('Sandbox', () => condition('PodReadyToStartContainers'))
  at('Pulling', () => event('Pulling', 'Pulling image "vllm/vllm-openai:v0.11.0"', { involvedObject: container }))
  at('Pulled', () =>
    event('Pulled', cacheHit ? 'Container image "vllm/vllm-openai:v0.11.0" already present on machine' : 'Successfully pulled image', {
      involvedObject: container,
    }),
  )
  at('BackOff', () => {
    event('Failed', 'Failed to pull image', { involvedObject: container, type: 'Warning' })
    put(
      () =>
        (pod.status['containerStatuses'] = [
          { name: 'vllm', state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } } },
        ]),
    )
  })
  at('Started', () => {
    event('Started', 'Started container vllm', { involvedObject: container })
    put(
      () => (pod.status['containerStatuses'] = [{ name: 'vllm', restartCount: 0, state: { running: { startedAt: second(clock.now()) } } }]),
    )
  })
  at('Ready', () => condition('Ready'))
  workload.logs.set(
    name,
    log.map(([seconds, text]) => ({ time: new Date(bornMs + seconds * 1000).toISOString().replace('Z', '000000Z'), text })),
  )
}

/** The node of a script, and its claim. @returns what creates the claim. */
function playNode(
  name: string | undefined,
  at: (step: keyof PodScript['steps'], act: () => void) => void,
  workload: Stage,
  clock: SteppingClock,
): (() => void) | undefined {
  if (name === undefined) return undefined
  type Written = ObservedObject & { status: { nodeName?: string; conditions: unknown[]; allocatable: Record<string, string> } }
  const written = (kind: 'Node' | 'NodeClaim', objectName: string): Written => ({
    apiVersion: kind === 'Node' ? 'v1' : 'karpenter.sh/v1',
    kind,
    metadata: {
      name: objectName,
      uid: `uid-${objectName}`,
      creationTimestamp: second(clock.now()),
      labels: { 'node.kubernetes.io/instance-type': 'g5.2xlarge' },
    },
    status: { conditions: [], allocatable: {} },
  })
  let claim: Written
  let node: Written
  const condition = (kind: 'Node' | 'NodeClaim', object: Written, type: string) => {
    object.status.conditions.push({ type, status: 'True', lastTransitionTime: second(clock.now()) })
    workload.put(kind, structuredClone(object))
  }
  at('Launched', () => condition('NodeClaim', claim, 'Launched'))
  at('Registered', () => {
    node = written('Node', name)
    workload.put('Node', structuredClone(node))
    claim.status.nodeName = name
    condition('NodeClaim', claim, 'Registered')
  })
  at('NodeReady', () => condition('Node', node, 'Ready'))
  at('Gpu', () => {
    node.status.allocatable['nvidia.com/gpu'] = '1'
    workload.put('Node', structuredClone(node))
  })
  return () => {
    claim = written('NodeClaim', `${name}-claim`)
    workload.put('NodeClaim', structuredClone(claim))
  }
}
