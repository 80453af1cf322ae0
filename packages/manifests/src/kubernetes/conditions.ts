import type { KubernetesObject } from './kubernetes-object.ts'

/** A condition as Kubernetes' own types and Karpenter's have it. */
export interface Condition {
  readonly type: string
  /** `True`, `False` or `Unknown`. */
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly observedGeneration?: number
  /** ISO 8601, to the second. */
  readonly lastTransitionTime?: string
}

/** The object's conditions; none while its controller has not written any. */
export function conditionsOf(object: KubernetesObject): readonly Condition[] {
  const status = object['status'] as { readonly conditions?: readonly Condition[] } | undefined
  return status?.conditions ?? []
}

/** `SubnetsReady=False, SubnetsNotFound: SubnetSelector did not match any Subnets`: the controller's own words. */
export function describeCondition({ type, status, reason, message }: Condition): string {
  const why = [reason === type ? undefined : reason, message].filter(Boolean).join(': ')
  return `${type}=${status}${why ? `, ${why}` : ''}`
}
