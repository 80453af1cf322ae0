import { TimeoutError, waitFor, type Poll } from '@prebake/kernel'
import { referenceTo, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { blameSnapshot } from '../explain/blame-snapshot.ts'
import { explainFailure } from '../explain/explain-failure.ts'
import { describeSnapshotFault } from '../explain/snapshot-fault.ts'
import { byLastFieldManager } from '../observe/last-field-manager.ts'
import { describeNodeClaims, listNodeClaims, nodeClaimHint } from '../observe/node-claims.ts'
import { observeObject } from '../observe/observe-object.ts'
import { describePods } from '../observe/pod-status.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError, WorkloadFailure } from '../rollout-errors.ts'
import { isFor } from '../workload/pools-for.ts'
import { strandedHint } from '../workload/stranded-hint.ts'
import type { WorkloadKind } from '../workload/workload-kind.ts'
import { changeNotifier } from './change-notifier.ts'
import { findTerminalPod } from './find-terminal-pod.ts'
import { createNodesJudge, type AppliedNodes, type NodesJudgement } from './judge-nodes.ts'

/** The workload is polled when it has changed; often only where changes are not reported, so that the end is seen soon all the same. */
const pollEveryMs = { notified: 2000, alone: 500 }
/** Its pods and nodes only make the progress readable. */
const detailsEveryMs = 2000

type Outcome = NodesJudgement & { readonly object: KubernetesObject; readonly timedOut?: boolean }

export interface WorkloadWait {
  readonly limitMs: number
  /** What its nodes may be made from, and whose NodeClaims may explain a failure. */
  readonly nodes: AppliedNodes
}

export interface ServingWorkload {
  /** As it then is. */
  readonly object: KubernetesObject
  /** Whether its pods are ones that have to run on these nodes. */
  readonly onNodes: boolean
  /** What could not be proven. */
  readonly unproven: string | undefined
}

/**
 * Waits until our pod template is the one that is available, no pod of another is left, and every ready pod's node is of what was applied.
 * @param ours the workload as the server returned it right after it was applied.
 * @throws WorkloadFailure when it failed or is not complete at the limit (with what stands in the way), SupersededError when it is no longer ours.
 */
export async function waitForWorkload(
  ours: KubernetesObject,
  kind: WorkloadKind,
  { limitMs, nodes }: WorkloadWait,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<ServingWorkload> {
  const { cluster, clock, reporter } = ports
  const title = titleOf(ours)
  const notifier = changeNotifier(cluster, referenceTo(ours), clock)
  const { verdict, message, unproven, object, timedOut, stranded } = await waitFor({
    awaited: `${title} to be rolled out`,
    limitMs,
    everyMs: () => (notifier.isActive() ? pollEveryMs.notified : pollEveryMs.alone),
    pause: notifier.pause,
    clock,
    signal,
    poll: workloadPoll(ours, kind, nodes, ports, signal),
    onState: (state) => reporter.progress(`${title}: ${state}`),
  })
    .catch((error: unknown): Outcome => {
      if (!(error instanceof TimeoutError)) throw error
      return { verdict: 'failed', message: error.message.replace(/\.$/, ''), object: ours, timedOut: true }
    })
    .finally(notifier.stop)

  if (verdict === 'complete') {
    reporter.info(`${title}: ${message}`)
    return { object, onNodes: isFor(kind.podSpecs(object), nodes.nodePools), unproven: unproven && `${title}: ${unproven}` }
  }
  if (verdict === 'superseded') {
    throw new SupersededError(`Roll out ${title}: ${message}${byLastFieldManager(object)}.`, {
      hint: 'What was applied may be right: find out who else deploys it, then re-run the job.',
    })
  }
  const { ours: pods } = await kind.podsOf(object, cluster, signal)
  const snapshotFault = await blameSnapshot(pods, ports, signal)
  const causes = await explainFailure(object, kind, nodes.nodePools, ports, signal)
  const code = timedOut ? 'deployment-timeout' : stranded ? 'pods-on-old-nodes' : 'deployment-failed'
  const said = [`Roll out ${title}: ${message}.`, ...causes].join('\n')
  // The verdict on the snapshot is said with what becomes of it.
  const blame = snapshotFault === undefined ? '' : `\n${describeSnapshotFault(snapshotFault)}`
  const trouble = stranded ? undefined : await ports.explainTrouble?.(referenceTo(object), said + blame, signal)
  throw new WorkloadFailure(said, {
    code: code satisfies RolloutErrorCode,
    hint: stranded
      ? strandedHint
      : (nodeClaimHint(await listNodeClaims(nodes.nodePools, cluster, signal), trouble?.remedy) ??
        'Fix the cause above, then re-run the job.'),
    snapshotFault,
    trouble,
  })
}

function workloadPoll(
  ours: KubernetesObject,
  kind: WorkloadKind,
  nodes: AppliedNodes,
  ports: RollOutPorts,
  signal: AbortSignal,
): () => Promise<Poll<Outcome>> {
  const { cluster, clock } = ports
  const judgeNodes = createNodesJudge(kind, nodes, ports)
  let detailedAt = -Infinity
  let details = ''
  return async () => {
    const observed = await observeObject(cluster, referenceTo(ours), signal)
    if ('outage' in observed) return { state: observed.outage }
    const { object } = observed
    if (object === undefined) return { value: { verdict: 'superseded', message: 'it was deleted meanwhile', object: ours } }
    const judgement = kind.judge(object, ours)
    if (judgement.verdict === 'complete') {
      const judged = await judgeNodes(object, await kind.podsOf(object, cluster, signal), signal)
      const message = [judgement.message, judged.message].filter(Boolean).join('; ')
      if (judged.verdict === 'progressing') return { state: message }
      const unproven = judgement.unproven ?? judged.unproven
      return { value: { ...judged, message, object, ...(unproven !== undefined && { unproven }) } }
    }
    if (judgement.verdict !== 'progressing') return { value: { ...judgement, object } }
    if (clock.now().getTime() - detailedAt >= detailsEveryMs) {
      detailedAt = clock.now().getTime()
      const { pods, ours: own, guessed } = await kind.podsOf(object, cluster, signal)
      const claims = describeNodeClaims(await listNodeClaims(nodes.nodePools, cluster, signal))
      details = [pods && `; pods: ${describePods(pods)}`, claims && `; NodeClaims: ${claims}`].filter(Boolean).join('')
      // An old pod that crashes may be what this rollout fixes.
      const terminal = guessed === undefined ? findTerminalPod(own) : undefined
      if (terminal !== undefined) return { value: { verdict: 'failed', message: `${judgement.message}; ${terminal}`, object } }
    }
    return { state: judgement.message + details }
  }
}
