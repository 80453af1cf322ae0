import { PrebakeError, TimeoutError, waitFor } from '@prebake/kernel'
import { describePods } from './describe-pods.ts'
import { explainFailure } from './explain-failure.ts'
import { judgeRollout, type Judgement } from './judge-rollout.ts'
import { listPods } from './list-pods.ts'
import { lookAt } from './look-at.ts'
import { referenceTo, titleOf } from './manifest.ts'
import type { KubernetesObject } from './ports/cluster.ts'
import type { RollOutPorts } from './roll-out-request.ts'

/**
 * Waits until our pod template is the one that is available, and no pod of another is left.
 * @param ours the Deployment as the server had it right after it was applied.
 * @param watched.nodePools names of the NodePools whose NodeClaims may explain a failure.
 * @returns the Deployment's revision.
 * @throws PrebakeError when it failed or is not complete at the limit (with what stands in the way), was superseded or deleted.
 */
export async function awaitDeployment(
  ours: KubernetesObject,
  { limitMs, nodePools }: { readonly limitMs: number; readonly nodePools: readonly string[] },
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { cluster, clock, reporter } = ports
  const title = titleOf(ours)
  const outcome = await waitFor({
    awaited: `${title} to be rolled out`,
    limitMs,
    everyMs: 2000,
    clock,
    signal,
    onState: (state) => reporter.progress(`${title}: ${state}`),
    look: async () => {
      const seen = await lookAt(cluster, referenceTo(ours), signal)
      if ('outage' in seen) return { state: seen.outage }
      const { object } = seen
      if (object === undefined) return { value: { verdict: 'superseded', words: 'it was deleted meanwhile', object: ours } as const }
      const judgement = judgeRollout(object, ours)
      if (judgement.verdict !== 'progressing') return { value: { ...judgement, object } }
      const pods = await listPods(object, cluster, signal)
      return { state: 'unreadable' in pods ? judgement.words : `${judgement.words}; pods: ${describePods(pods.items)}` }
    },
  }).catch((error: unknown): Judgement & { readonly object: KubernetesObject } => {
    if (!(error instanceof TimeoutError)) throw error
    return { verdict: 'failed', words: error.message.replace(/\.$/, ''), object: ours }
  })

  const { verdict, words, object } = outcome
  if (verdict === 'complete') {
    reporter.info(`${title}: ${words}`)
    return object.metadata.annotations?.['deployment.kubernetes.io/revision']
  }
  if (verdict === 'superseded') {
    throw new PrebakeError(`Roll out ${title}: ${words}.`, {
      hint: 'What was applied may well be right: see who else deploys it, and run again.',
    })
  }
  const chain = await explainFailure(object, nodePools, ports, signal)
  const hint = 'What was applied stays applied. Mend the cause and run again; `kubectl rollout undo` brings the pods from before back.'
  throw new PrebakeError([`Roll out ${title}: ${words}.`, ...chain].join('\n'), { hint })
}
