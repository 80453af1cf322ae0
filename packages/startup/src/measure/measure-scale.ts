import { InputError, TimeoutError, waitFor } from '@prebake/kernel'
import type { DeploymentState, ObservedKind } from '../ports/workload.ts'
import type { BenchmarkErrorCode } from '../error-codes.ts'
import { histories, type History, type PodObject } from '../timeline/observed-objects.ts'
import { countArrivals, type Arrivals } from './arrivals.ts'
import { collectTokens } from './collect-tokens.ts'
import { explainLatePods } from './explain-late-pods.ts'
import { findDisturbance } from './find-disturbance.ts'
import type { MeasurePorts } from './measure-ports.ts'
import type { Measurement, ScaleRequest } from './measurement.ts'
import { observe, type Observer } from './observe.ts'
import { isReady, podStates } from './pod-states.ts'
import { readLogs } from './read-logs.ts'
import { settleAt } from './settle-at.ts'

/** How long after Ready the last events of a pod may arrive, and how often it is looked whether they have. */
const trail = { limitMs: 3000, everyMs: 100 }
const pollMs = 1000
/** Limit for the watches to show the existing pods. */
const firstSightMs = 60_000

/**
 * Brings a Deployment that nothing else scales to `from` Ready replicas, scales it to `to`, and records everything until the new pods are Ready and have
 * given their first tokens, or the limit is reached (`timedOut`). The replicas stay at `to`.
 * @throws InputError without the Deployment; TimeoutError if `from` replicas do not become Ready; CancelledError
 */
export async function measureScale(request: ScaleRequest, ports: MeasurePorts, signal: AbortSignal): Promise<Measurement> {
  const { deployment, namespace, from, to } = request
  const { workload, clock, reporter } = ports
  const found = await find(request, ports, signal)
  await settleAt(found, request, ports, signal)

  const tokens = collectTokens(request, ports, signal)
  const arrivals = countArrivals()
  const lost = new Set<ObservedKind>()
  const observer = observe(
    { namespace, podSelector: found.podSelector },
    workload,
    signal,
    (kind, error) => {
      lost.add(kind)
      reporter.warning(`Watch ${kind} objects: ${(error as Error).message.replace(/\.$/, '')}. Those phases will show as unattributed.`)
    },
    (observation) => {
      tokens.onSeen(observation)
      arrivals.onSeen(observation)
    },
  )
  try {
    const before = await firstSight(observer, request, ports, signal)
    tokens.begin(before)
    arrivals.begin(before)
    const sentAt = clock.now()
    await workload.scale(deployment, namespace, to, signal)
    const scale = { sentAt, answeredAt: clock.now() }
    reporter.info(`Requested ${to} replicas of ${deployment}`)

    const split = () => Object.groupBy(histories(observer.seen, 'Pod'), ({ latest }) => (before.has(latest.metadata.uid) ? 'old' : 'new'))
    const newPods = () => split().new ?? []
    const timedOut = await awaitReady(newPods, { observer, arrivals }, request, ports, signal)
    const endedAt = clock.now()
    const trouble = timedOut ? await explainLatePods(request, ports, signal) : undefined
    const seenTokens = await tokens.finish(newPods())
    const trailEndsAt = endedAt.getTime() + trail.limitMs
    while (!lost.has('Event') && !arrivals.areComplete() && clock.now().getTime() < trailEndsAt) await clock.sleep(trail.everyMs, signal)
    const { old = [], new: created = [] } = split()
    const after = await workload.deployment(deployment, namespace, signal)
    const disturbed = findDisturbance({ before: old, created, wanted: to - from, after, to })
    if (disturbed !== undefined) reporter.warning(`The measurement of ${deployment} was disturbed, so it gives no verdict: ${disturbed}.`)
    const logs = await readLogs(created, request, ports, signal)
    await observer.stop()
    const names = created.map(({ latest }) => latest.metadata.name)
    const { image } = found
    const whole = { deployment, namespace, from, to, image, scale, endedAt, timedOut, pods: names, observations: observer.seen, logs }
    return {
      ...whole,
      ...(trouble !== undefined && { trouble }),
      ...(seenTokens !== undefined && { tokens: seenTokens }),
      ...(disturbed !== undefined && { disturbed }),
    }
  } finally {
    await observer.stop()
  }
}

async function find({ deployment, namespace }: ScaleRequest, { workload }: MeasurePorts, signal: AbortSignal): Promise<DeploymentState> {
  const found = await workload.deployment(deployment, namespace, signal)
  if (found !== undefined) return found
  const wrong = `there is no Deployment \`${deployment}\` in the namespace \`${namespace}\`.`
  const remedy = 'Check the name and the namespace (`kubectl get deployments --all-namespaces`).'
  throw new InputError([{ code: 'deployment-not-found' satisfies BenchmarkErrorCode, input: 'deployment', wrong, remedy }])
}

/** Waits until the watches show the existing pods. @returns their UIDs */
function firstSight(
  observer: Observer,
  { from }: ScaleRequest,
  { clock }: MeasurePorts,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  return waitFor({
    awaited: `the watches to show ${from} Ready pods`,
    code: 'pods-not-observed' satisfies BenchmarkErrorCode,
    limitMs: firstSightMs,
    everyMs: pollMs,
    clock,
    signal,
    hint: 'The credentials need the verbs list and watch on pods in the namespace.',
    poll: async () => {
      observer.check()
      const pods = histories(observer.seen, 'Pod').filter(({ deleted }) => !deleted)
      if (pods.filter(isReady).length < from) return { state: podStates(pods) || 'no pod' }
      return { value: new Set(pods.map(({ latest }) => latest.metadata.uid)) }
    },
  })
}

/** @returns whether the limit was reached. */
async function awaitReady(
  newPods: () => readonly History<PodObject>[],
  { observer, arrivals }: { readonly observer: Observer; readonly arrivals: Arrivals },
  { from, to, timeoutMs }: ScaleRequest,
  { clock, reporter }: MeasurePorts,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await waitFor({
      awaited: `${to - from} new pods to be Ready`,
      code: 'new-pods-timeout' satisfies BenchmarkErrorCode,
      limitMs: timeoutMs,
      everyMs: pollMs,
      pause: (ms, until) => arrivals.pauseUntilReady(to - from, ms, clock, until),
      clock,
      signal,
      onState: (state) => reporter.progress(state),
      poll: async () => {
        observer.check()
        const pods = newPods()
        const state = `${pods.length} new pods: ${podStates(pods) || 'none yet'}`
        return pods.filter(isReady).length >= to - from ? { value: state } : { state }
      },
    })
    return false
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
    reporter.warning(error.message)
    return true
  }
}
