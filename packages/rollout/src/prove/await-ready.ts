import { isDeepStrictEqual } from 'node:util'
import { waitFor } from '@prebake/kernel'
import { conditionsOf, conditionWords, type KubernetesObject, referenceTo, titleOf } from '@prebake/manifests'
import { lookAt } from '../look-at.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'
import { byWhom } from '../who-changed.ts'

/** Karpenter settles a NodeClass in seconds, its launch dry runs included; one that is not Ready by then has a fault that a person must mend. */
const longestMs = 3 * 60_000

/**
 * Waits until Karpenter calls its object Ready, for the generation that was applied or a later one.
 * @throws TimeoutError with the failing conditions in Karpenter's words, SupersededError when the object is deleted or gets another template meanwhile.
 */
export async function awaitReady(
  applied: KubernetesObject,
  limitMs: number,
  { cluster, clock, reporter }: RollOutPorts,
  signal: AbortSignal,
): Promise<void> {
  const title = titleOf(applied)
  await waitFor({
    awaited: `${title} to become Ready`,
    limitMs: Math.min(limitMs, longestMs),
    everyMs: 1000,
    clock,
    signal,
    onState: (state) => reporter.progress(`${title}: ${state}`),
    hint: hintFor(applied.kind),
    look: async () => {
      const seen = await lookAt(cluster, referenceTo(applied), signal)
      if ('outage' in seen) return { state: seen.outage }
      if (seen.object === undefined) throw new SupersededError(`Wait for ${title}: it was deleted meanwhile.`, { hint: 'Run again.' })
      if (!isDeepStrictEqual(templateOf(seen.object), templateOf(applied))) {
        const words = `Wait for ${title}: its template was changed meanwhile${byWhom(seen.object)}.`
        throw new SupersededError(words, { hint: 'See who else deploys it, and run again.' })
      }
      const { ready, words } = judgeReadiness(seen.object)
      return ready ? { value: undefined } : { state: words }
    },
  })
  reporter.info(`${title} is Ready`)
}

/** Whether the object's Ready condition is True for its present generation, and if not, what stands in the way. */
export function judgeReadiness(object: KubernetesObject): { readonly ready: boolean; readonly words: string } {
  const generation = object.metadata.generation ?? 0
  const current = conditionsOf(object).filter(({ observedGeneration }) => (observedGeneration ?? generation) >= generation)
  const ready = current.find(({ type }) => type === 'Ready')
  if (ready?.status === 'True') return { ready: true, words: conditionWords(ready) }
  if (ready === undefined) return { ready: false, words: 'Karpenter has not looked at it yet' }
  // Ready only sums up the others; False says more than Unknown.
  const others = current.filter(({ type, status }) => type !== 'Ready' && status !== 'True')
  const failing = others.filter(({ status }) => status === 'False')
  return { ready: false, words: (failing.length > 0 ? failing : others.length > 0 ? others : [ready]).map(conditionWords).join('; ') }
}

function hintFor(kind: string): string {
  return kind === 'EC2NodeClass'
    ? 'The condition names the field: role, subnets, security groups and AMI are looked up by Karpenter; a snapshot must exist in the region and fit the volume. ' +
        'Where ValidationSucceeded stays Unknown, EC2 has refused a dry run, and what it said stands in the log of Karpenter.'
    : `See \`kubectl describe ${kind.toLowerCase()}\` and the log of Karpenter.`
}

/** Of a NodePool: what its nodes are made from. */
const templateOf = (object: KubernetesObject): unknown => (object['spec'] as { readonly template?: unknown } | undefined)?.template
