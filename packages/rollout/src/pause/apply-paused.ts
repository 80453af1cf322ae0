import type { KubernetesObject } from '@prebake/manifests'
import { applyUnchanged, type Known } from '../apply/apply-unchanged.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { pausedDocument } from './paused-document.ts'

/** From a rollout's limit to its end: the rollback has 15 minutes, and reading back in an outage 5, in the run and once more in `post`. */
const endMs = 30 * 60_000

export interface PauseOptions {
  readonly run: string
  readonly force: boolean
  /** Milliseconds until the rollout's limit; left out in a rollback. */
  readonly remainingMs?: () => number
}

/**
 * Applies a NodePool's document with its drift paused by this run.
 * @param before as it served before the run.
 * @throws as `applyUnchanged`.
 */
export function applyPaused(
  document: KubernetesObject,
  { before, known }: { readonly before: KubernetesObject; readonly known: Known },
  { run, force, remainingMs = () => 0 }: PauseOptions,
  ports: Pick<RollOutPorts, 'cluster' | 'clock'>,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const until = new Date(ports.clock.now().getTime() + remainingMs() + endMs)
  return applyUnchanged(pausedDocument(document, { run, until }, before), { known, force }, ports, signal)
}
