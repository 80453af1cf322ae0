import { CancelledError, PrebakeError } from '@prebake/kernel'
import type { PlannedApply } from './check-cluster.ts'
import { placeOf, titleOf } from './manifest.ts'
import type { KubernetesObject } from './ports/cluster.ts'
import type { RollOutPorts } from './roll-out-request.ts'
import { sameContent } from './same-content.ts'

/** An object as the server had it right after it was applied. */
export interface Applied {
  readonly object: KubernetesObject
  readonly changed: boolean
}

/**
 * Applies one document after the other.
 * @throws PrebakeError that names what was applied before, since the dry run has let this one through and now it was refused.
 */
export async function applyPlanned(
  planned: readonly PlannedApply[],
  { force }: { readonly force: boolean },
  { cluster, reporter }: RollOutPorts,
  signal: AbortSignal,
): Promise<readonly Applied[]> {
  const applied: Applied[] = []
  for (const { manifest, before } of planned) {
    const title = titleOf(manifest.document)
    try {
      const object = await cluster.apply(manifest.document, { dryRun: false, force }, signal)
      const changed = before === undefined || !sameContent(before, object)
      applied.push({ object, changed })
      reporter.info(`${title} ${before === undefined ? 'created' : changed ? 'changed' : 'unchanged'}`)
    } catch (cause) {
      if (cause instanceof CancelledError) throw cause
      const earlier = applied.map(({ object }) => titleOf(object)).join(', ') || 'nothing'
      throw new PrebakeError(`Apply ${title} (${placeOf(manifest)}): refused. Applied before: ${earlier}.`, { cause })
    }
  }
  return applied
}
