import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject } from '@prebake/manifests'
import { dryRun } from '../plan/dry-run.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'
import { contentOf } from '../observe/read-back.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { previousDocument } from './previous-document.ts'

/**
 * The document that makes an object what it was before the rollout: field by field, so that what others own stays theirs; where a dry run shows that this
 * does not restore it, all that it said.
 * @throws ServiceError where the API server refuses the document.
 */
export async function formerDocument(
  { before, manifest, live }: PlannedApply & { readonly live: KubernetesObject | undefined },
  force: boolean,
  ports: Pick<RollOutPorts, 'cluster'>,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  if (before === undefined || live === undefined) throw new TypeError('Only what was there before and still is can be restored.')
  const previous = { before, document: manifest.document, live }
  const byField = previousDocument(previous)
  const tried = await dryRun(byField, force, ports, signal)
  // A pause of an earlier run is not restored, so what it changed is not compared.
  const restores = tried === undefined || isDeepStrictEqual(contentOf(tried, true), contentOf(before, true))
  return restores ? byField : previousDocument(previous, true)
}
