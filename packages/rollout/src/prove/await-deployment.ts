import { PrebakeError, TimeoutError, waitFor, type Look } from '@prebake/kernel'
import { describePods } from '../describe-pods.ts'
import { explainFailure } from '../explain/explain-failure.ts'
import { ourPods } from '../list-pods.ts'
import { lookAt } from '../look-at.ts'
import { type KubernetesObject, referenceTo, titleOf } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'
import { byWhom } from '../who-changed.ts'
import { changeBell } from './change-bell.ts'
import { describeNodeClaims } from './describe-node-claims.ts'
import { findHopeless } from './find-hopeless.ts'
import { judgeNodes } from './judge-nodes.ts'
import { judgeRollout, type Judgement } from './judge-rollout.ts'

/** The Deployment is looked at when it has changed; often only where that is not told, so that the end is seen soon all the same. */
const lookEveryMs = { told: 2000, untold: 500 }
/** Its pods and nodes only make the progress readable. */
const detailsEveryMs = 2000

type Outcome = Judgement & { readonly object: KubernetesObject }

export interface Watched {
  readonly limitMs: number
  /** The NodePools of the set: where the pods may run, and whose NodeClaims may explain a failure. */
  readonly nodePools: readonly KubernetesObject[]
}

/**
 * Waits until our pod template is the one that is available, no pod of another is left, and every ready pod's node is of the NodePool's NodeClass.
 * @param ours the Deployment as the server had it right after it was applied.
 * @returns the Deployment's revision.
 * @throws PrebakeError when it failed or is not complete at the limit (with what stands in the way), SupersededError when it is no longer ours.
 */
export async function awaitDeployment(
  ours: KubernetesObject,
  watched: Watched,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { cluster, clock, reporter } = ports
  const title = titleOf(ours)
  let detailedAt = -Infinity
  let details = ''
  const look = async (): Promise<Look<Outcome>> => {
    const seen = await lookAt(cluster, referenceTo(ours), signal)
    if ('outage' in seen) return { state: seen.outage }
    const { object } = seen
    if (object === undefined) return { value: { verdict: 'superseded', words: 'it was deleted meanwhile', object: ours } }
    const judgement = judgeRollout(object, ours)
    if (judgement.verdict === 'complete') {
      const nodes = await judgeNodes(object, watched.nodePools, ports, signal)
      const words = [judgement.words, nodes?.words].filter(Boolean).join('; ')
      return nodes?.verdict === 'progressing' ? { state: words } : { value: { ...judgement, ...nodes, words, object } }
    }
    if (judgement.verdict !== 'progressing') return { value: { ...judgement, object } }
    if (clock.now().getTime() - detailedAt >= detailsEveryMs) {
      detailedAt = clock.now().getTime()
      const { pods, ours: own, guessed } = await ourPods(object, cluster, signal)
      const claims = await describeNodeClaims(watched.nodePools, cluster, signal)
      details = [pods && `; pods: ${describePods(pods)}`, claims && `; NodeClaims: ${claims}`].filter(Boolean).join('')
      // An old pod that crashes may be what this rollout mends.
      const hopeless = guessed === undefined ? findHopeless(own) : undefined
      if (hopeless !== undefined) return { value: { verdict: 'failed', words: `${judgement.words}; ${hopeless}`, object } }
    }
    return { state: judgement.words + details }
  }
  const bell = changeBell(cluster, referenceTo(ours), clock)
  const everyMs = () => (bell.listens() ? lookEveryMs.told : lookEveryMs.untold)
  const wait = { awaited: `${title} to be rolled out`, limitMs: watched.limitMs, everyMs, pause: bell.pause, clock, signal, look }
  const { verdict, words, object } = await waitFor({ ...wait, onState: (state) => reporter.progress(`${title}: ${state}`) })
    .catch((error: unknown): Outcome => {
      if (!(error instanceof TimeoutError)) throw error
      return { verdict: 'failed', words: error.message.replace(/\.$/, ''), object: ours }
    })
    .finally(bell.stop)

  if (verdict === 'complete') {
    reporter.info(`${title}: ${words}`)
    return object.metadata.annotations?.['deployment.kubernetes.io/revision']
  }
  if (verdict === 'superseded') {
    throw new SupersededError(`Roll out ${title}: ${words}${byWhom(object)}.`, {
      hint: 'What was applied may well be right: see who else deploys it, and run again.',
    })
  }
  const chain = await explainFailure(object, watched.nodePools, ports, signal)
  throw new PrebakeError([`Roll out ${title}: ${words}.`, ...chain].join('\n'), { hint: 'Mend the cause and run again.' })
}
