import { groupOf, type KubernetesObject } from './kubernetes-object.ts'

export const karpenterGroup = 'karpenter.sh'
export const nodeClassGroup = 'karpenter.k8s.aws'

export const nodePoolKind = { apiVersion: `${karpenterGroup}/v1`, kind: 'NodePool' }
export const nodeClaimKind = { apiVersion: `${karpenterGroup}/v1`, kind: 'NodeClaim' }
export const nodeClassKind = { apiVersion: `${nodeClassGroup}/v1`, kind: 'EC2NodeClass' }

/** What is read of a NodePool (karpenter.sh/v1). */
export interface NodePoolFields {
  readonly spec?: {
    readonly template?: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }
      readonly spec?: { readonly nodeClassRef?: { readonly name?: string } }
    }
    readonly disruption?: { readonly budgets?: readonly DisruptionBudget[] }
  }
}

export interface DisruptionBudget {
  readonly nodes: string
  /** Left out: all of them. */
  readonly reasons?: readonly string[]
  readonly schedule?: string
  readonly duration?: string
}

export const isNodeClass = (object: KubernetesObject): boolean => object.kind === 'EC2NodeClass' && groupOf(object) === nodeClassGroup
export const isNodePool = (object: KubernetesObject): boolean => object.kind === 'NodePool' && groupOf(object) === karpenterGroup
export const isDeployment = (object: KubernetesObject): boolean => object.kind === 'Deployment' && groupOf(object) === 'apps'

export const nodePoolFields = (object: KubernetesObject): NodePoolFields => object as unknown as NodePoolFields

/** The EC2NodeClass that new nodes of the NodePool, or the node of the NodeClaim, are made from. */
export function nodeClassOf(object: KubernetesObject): string | undefined {
  if (isNodePool(object)) return nodePoolFields(object).spec?.template?.spec?.nodeClassRef?.name
  return (object as { readonly spec?: { readonly nodeClassRef?: { readonly name?: string } } }).spec?.nodeClassRef?.name
}

/**
 * On a NodePool while a rollout pauses its drift: that rollout's run. The name is older than the word "pause" and stays, because clusters have it.
 */
export const pausedBy = 'prebake.dev/held'

/** On a NodePool while its drift is paused: when the run that paused it is over at the latest, its rollback and its cleanup included. */
export const pausedUntil = 'prebake.dev/held-until'

/** On a NodePool while its drift is paused: its `spec` as JSON from before the rollout, for the next run where this one dies and its cleanup with it. */
export const servedBefore = 'prebake.dev/served-before'
