import { conditionsOf, conditionWords, type KubernetesObject, titleOf } from '@prebake/manifests'

/** A NodeClaim goes through these one after the other; the first that is not True is where it hangs. */
const stages = ['Launched', 'Registered', 'Initialized']

/** Where a NodeClaim hangs, in Karpenter's words; none once it is a node. */
export function claimTrouble(claim: KubernetesObject): readonly string[] {
  const conditions = conditionsOf(claim)
  const hanging = stages
    .map((stage) => conditions.find(({ type }) => type === stage))
    .find((condition) => condition !== undefined && condition.status !== 'True')
  return hanging === undefined ? [] : [`${titleOf(claim)}: ${conditionWords(hanging)}`]
}
