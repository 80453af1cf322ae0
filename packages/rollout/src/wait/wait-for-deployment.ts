import { PrebakeError, TimeoutError, waitFor, type Poll } from '@prebake/kernel'
import { referenceTo, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { explainFailure } from '../explain/explain-failure.ts'
import { byLastFieldManager } from '../observe/last-field-manager.ts'
import { describeNodeClaims, listNodeClaims, nodeClaimHint } from '../observe/node-claims.ts'
import { observeObject } from '../observe/observe-object.ts'
import { describePods } from '../observe/pod-status.ts'
import { podsOfTemplate } from '../observe/pods-of-template.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'
import { changeNotifier } from './change-notifier.ts'
import { findTerminalPod } from './find-terminal-pod.ts'
import { judgeNodes, type NodesJudgement } from './judge-nodes.ts'
import { judgeRollout } from './judge-rollout.ts'

/** The Deployment is polled when it has changed; often only where changes are not reported, so that the end is seen soon all the same. */
const pollEveryMs = { notified: 2000, alone: 500 }
/** Its pods and nodes only make the progress readable. */
const detailsEveryMs = 2000

type Outcome = NodesJudgement & { readonly object: KubernetesObject; readonly timedOut?: boolean }

export interface DeploymentWait {
  readonly limitMs: number
  /** The NodePools of the set: where the pods may run, and whose NodeClaims may explain a failure. */
  readonly nodePools: readonly KubernetesObject[]
}

/**
 * Waits until our pod template is the one that is available, no pod of another is left, and every ready pod's node is of the NodePool's NodeClass.
 * @param ours the Deployment as the server returned it right after it was applied.
 * @returns the Deployment's revision.
 * @throws PrebakeError when it failed or is not complete at the limit (with what stands in the way), SupersededError when it is no longer ours.
 */
export async function waitForDeployment(
  ours: KubernetesObject,
  { limitMs, nodePools }: DeploymentWait,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { cluster, clock, reporter } = ports
  const title = titleOf(ours)
  const notifier = changeNotifier(cluster, referenceTo(ours), clock)
  const { verdict, message, caveat, object, timedOut } = await waitFor({
    awaited: `${title} to be rolled out`,
    limitMs,
    everyMs: () => (notifier.isActive() ? pollEveryMs.notified : pollEveryMs.alone),
    pause: notifier.pause,
    clock,
    signal,
    poll: deploymentPoll(ours, nodePools, ports, signal),
    onState: (state) => reporter.progress(`${title}: ${state}`),
  })
    .catch((error: unknown): Outcome => {
      if (!(error instanceof TimeoutError)) throw error
      return { verdict: 'failed', message: error.message.replace(/\.$/, ''), object: ours, timedOut: true }
    })
    .finally(notifier.stop)

  if (caveat !== undefined) reporter.warning(caveat)
  if (verdict === 'complete') {
    reporter.info(`${title}: ${message}`)
    return object.metadata.annotations?.['deployment.kubernetes.io/revision']
  }
  if (verdict === 'superseded') {
    throw new SupersededError(`Roll out ${title}: ${message}${byLastFieldManager(object)}.`, {
      hint: 'What was applied may be right: find out who else deploys it, then re-run the job.',
    })
  }
  const causes = await explainFailure(object, nodePools, ports, signal)
  throw new PrebakeError([`Roll out ${title}: ${message}.`, ...causes].join('\n'), {
    code: (timedOut ? 'deployment-timeout' : 'deployment-failed') satisfies RolloutErrorCode,
    hint: nodeClaimHint(await listNodeClaims(nodePools, cluster, signal)) ?? 'Fix the cause above, then re-run the job.',
  })
}

function deploymentPoll(
  ours: KubernetesObject,
  nodePools: readonly KubernetesObject[],
  ports: RollOutPorts,
  signal: AbortSignal,
): () => Promise<Poll<Outcome>> {
  const { cluster, clock } = ports
  let detailedAt = -Infinity
  let details = ''
  return async () => {
    const observed = await observeObject(cluster, referenceTo(ours), signal)
    if ('outage' in observed) return { state: observed.outage }
    const { object } = observed
    if (object === undefined) return { value: { verdict: 'superseded', message: 'it was deleted meanwhile', object: ours } }
    const judgement = judgeRollout(object, ours)
    if (judgement.verdict === 'complete') {
      const nodes = await judgeNodes(object, nodePools, cluster, signal)
      const message = [judgement.message, nodes.message].filter(Boolean).join('; ')
      return nodes.verdict === 'progressing' ? { state: message } : { value: { ...nodes, message, object } }
    }
    if (judgement.verdict !== 'progressing') return { value: { ...judgement, object } }
    if (clock.now().getTime() - detailedAt >= detailsEveryMs) {
      detailedAt = clock.now().getTime()
      const { pods, ours: own, guessed } = await podsOfTemplate(object, cluster, signal)
      const claims = describeNodeClaims(await listNodeClaims(nodePools, cluster, signal))
      details = [pods && `; pods: ${describePods(pods)}`, claims && `; NodeClaims: ${claims}`].filter(Boolean).join('')
      // An old pod that crashes may be what this rollout fixes.
      const terminal = guessed === undefined ? findTerminalPod(own) : undefined
      if (terminal !== undefined) return { value: { verdict: 'failed', message: `${judgement.message}; ${terminal}`, object } }
    }
    return { state: judgement.message + details }
  }
}
