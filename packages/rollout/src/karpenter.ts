import type { KubernetesObject } from './ports/cluster.ts'

/** What is read of a NodePool (karpenter.sh/v1). */
export interface NodePoolFields {
  readonly spec?: {
    readonly template?: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }
      readonly spec?: { readonly nodeClassRef?: { readonly name?: string } }
    }
    readonly disruption?: { readonly budgets?: readonly Budget[] }
  }
}

export interface Budget {
  readonly nodes: string
  /** Left out: all of them. */
  readonly reasons?: readonly string[]
  readonly schedule?: string
  readonly duration?: string
}

export const isNodeClass = ({ apiVersion, kind }: KubernetesObject): boolean =>
  kind === 'EC2NodeClass' && apiVersion.startsWith('karpenter.k8s.aws/')
export const isNodePool = ({ apiVersion, kind }: KubernetesObject): boolean => kind === 'NodePool' && apiVersion.startsWith('karpenter.sh/')
export const isDeployment = ({ apiVersion, kind }: KubernetesObject): boolean => kind === 'Deployment' && apiVersion.startsWith('apps/')

export const nodePoolFields = (object: KubernetesObject): NodePoolFields => object as unknown as NodePoolFields

/** The EC2NodeClass that new nodes of the NodePool, or the node of the NodeClaim, are made from. */
export function nodeClassOf(object: KubernetesObject): string | undefined {
  if (isNodePool(object)) return nodePoolFields(object).spec?.template?.spec?.nodeClassRef?.name
  return (object as { readonly spec?: { readonly nodeClassRef?: { readonly name?: string } } }).spec?.nodeClassRef?.name
}
