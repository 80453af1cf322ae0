import { InputError, type Problem } from '@prebake/kernel'
import { findDuplicates, placeOf, type Manifest } from '@prebake/manifests'
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
      problems.push({ code: 'kind-unknown' satisfies RolloutErrorCode, input: placeOf(manifest), wrong, remedy: remedyFor(apiVersion) })
    }
    const missing = found?.namespaced === true && metadata.namespace === undefined
    complete.push(missing ? { ...manifest, document: { ...document, metadata: { ...metadata, namespace } } } : manifest)
  }
  problems.push(...findDuplicates(complete))
  if (problems.length > 0) throw new InputError(problems)
  return complete
}

function remedyFor(apiVersion: string): string {
  return /^karpenter\.(sh|k8s\.aws)\//.test(apiVersion)
    ? 'Install Karpenter 1.5 or newer with its CRDs, or use the kubeconfig of the cluster that has it.'
    : 'Install what defines it, or correct apiVersion and kind.'
}
