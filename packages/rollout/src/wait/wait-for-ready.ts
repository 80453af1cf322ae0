import { waitFor } from '@prebake/kernel'
import { isNodeClass, referenceTo, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { byLastFieldManager } from '../observe/last-field-manager.ts'
import { observeObject } from '../observe/observe-object.ts'
import { sameTemplate } from '../observe/read-back.ts'
import { judgeReadiness } from '../observe/readiness.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'

/** Karpenter settles a NodeClass in seconds, its launch dry runs included; one that is not Ready by then needs a person. */
const longestMs = 3 * 60_000

/**
 * Waits until Karpenter reports its object Ready, for the generation that was applied or a later one.
 * @throws TimeoutError with the failing conditions in Karpenter's words, SupersededError when the object is deleted or gets another template meanwhile.
 */
export async function waitForReady(
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
    code: (isNodeClass(applied) ? 'node-class-not-ready' : 'node-pool-not-ready') satisfies RolloutErrorCode,
    hint: hintFor(applied),
    poll: async () => {
      const observed = await observeObject(cluster, referenceTo(applied), signal)
      if ('outage' in observed) return { state: observed.outage }
      const { object } = observed
      if (object === undefined) throw new SupersededError(`Wait for ${title}: it was deleted meanwhile.`, { hint: 'Run again.' })
      // The part of a NodePool that its nodes are made from.
      if (!sameTemplate(object, applied)) {
        const message = `Wait for ${title}: its template was changed meanwhile${byLastFieldManager(object)}.`
        throw new SupersededError(message, { hint: 'Find out who else deploys it, then re-run the job.' })
      }
      const { ready, message } = judgeReadiness(object)
      return ready ? { value: undefined } : { state: message }
    },
  })
  reporter.info(`${title} is Ready`)
}

function hintFor(object: KubernetesObject): string {
  return isNodeClass(object)
    ? 'The condition names the field: Karpenter looks up role, subnets, security groups and AMI; a snapshot must exist in the region and fit the volume. ' +
        "Where ValidationSucceeded stays Unknown, EC2 refused a dry run; Karpenter's log has EC2's answer."
    : `See \`kubectl describe ${object.kind.toLowerCase()}\` and Karpenter's log.`
}
