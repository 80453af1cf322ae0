import { ServiceError, type Problem } from '@prebake/kernel'
import { placeOf, titleOf, type KubernetesObject, type Manifest } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import type { Cluster } from '../ports/cluster.ts'

/** The object as an apply would make it; undefined where an admission webhook refuses every dry run. */
export async function dryRun(
  document: KubernetesObject,
  force: boolean,
  { cluster }: { readonly cluster: Pick<Cluster, 'apply'> },
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.apply(document, { dryRun: true, force }, signal)
  } catch (error) {
    // The API server's words for an admission webhook with side effects; the apply itself will show what the webhook says.
    if (error instanceof ServiceError && error.message.includes('does not support dry run')) return undefined
    throw error
  }
}

/** The refusal of this document as a problem. @throws what concerns the connection or the server as a whole. */
export function refusalOf(manifest: Manifest, error: unknown): Problem {
  if (!(error instanceof ServiceError) || error.status === undefined || ![400, 403, 404, 409, 422].includes(error.status)) throw error
  const wrong = `${titleOf(manifest.document)} is refused: ${error.message.replace(/\.?$/, '.')}`
  const code = 'document-refused' satisfies RolloutErrorCode
  return { code, input: placeOf(manifest), wrong, remedy: error.hint ?? 'Correct the document.' }
}
