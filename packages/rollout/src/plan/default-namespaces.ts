import { InputError, type Problem } from '@prebake/kernel'
import {
  findDuplicates,
  karpenterGroup,
  nodeClassGroup,
  nodePoolKind,
  placeOf,
  type KubernetesObject,
  type Manifest,
} from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import type { Cluster } from '../ports/cluster.ts'

/**
 * Gives every document of a namespaced kind a namespace.
 * @throws InputError with each kind that the cluster does not know, and each object that is now there twice.
 */
export async function defaultNamespaces(
  manifests: readonly Manifest[],
  namespace: string,
  cluster: Pick<Cluster, 'discover'>,
  signal: AbortSignal,
): Promise<readonly Manifest[]> {
  const known = new Map<string, { readonly namespaced: boolean } | undefined>()
  const problems: Problem[] = []
  const complete: Manifest[] = []
  for (const manifest of manifests) {
    const { document } = manifest
    const { apiVersion, kind, metadata } = document
    const key = `${apiVersion}/${kind}`
    if (!known.has(key)) known.set(key, await cluster.discover(apiVersion, kind, signal))
    const found = known.get(key)
    if (found === undefined) {
      const wrong = `the cluster does not know \`${kind}\` of \`${apiVersion}\`.`
      problems.push({
        code: 'kind-unknown' satisfies RolloutErrorCode,
        input: placeOf(manifest),
        wrong,
        remedy: await remedyFor(document, cluster, signal),
      })
    }
    const missing = found?.namespaced === true && metadata.namespace === undefined
    complete.push(missing ? { ...manifest, document: { ...document, metadata: { ...metadata, namespace } } } : manifest)
  }
  problems.push(...findDuplicates(complete))
  if (problems.length > 0) throw new InputError(problems)
  return complete
}

async function remedyFor({ apiVersion, kind }: KubernetesObject, cluster: Pick<Cluster, 'discover'>, signal: AbortSignal): Promise<string> {
  const [group = '', version] = apiVersion.split('/')
  for (const other of version === undefined ? [] : ['v1', 'v1beta1', 'v1alpha1']) {
    if (other !== version && (await cluster.discover(`${group}/${other}`, kind, signal)) !== undefined)
      return `The cluster has this kind as another version: write \`apiVersion: ${group}/${other}\`.`
  }
  if (group === nodeClassGroup && (await cluster.discover(nodePoolKind.apiVersion, nodePoolKind.kind, signal)) !== undefined)
    return 'The cluster has NodePools all the same, which is EKS Auto Mode: its nodes take no snapshot. Install Karpenter 1.5 or newer with its CRDs beside it.'
  return [karpenterGroup, nodeClassGroup].includes(group)
    ? 'Install Karpenter 1.5 or newer with its CRDs, or use the kubeconfig of the cluster that has it.'
    : 'Install what defines it, or correct apiVersion and kind.'
}
