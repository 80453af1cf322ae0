import { CancelledError, PrebakeError } from '@prebake/kernel'
import type { Reference, ReferenceSource } from './ports/reference-source.ts'

export interface Gathered {
  /** By snapshot. */
  readonly references: ReadonlyMap<string, readonly Reference[]>
  /** Places that could not be read, each with the reason. */
  readonly unread: readonly { readonly title: string; readonly reason: string; readonly hint: string | undefined }[]
}

/** Reads every place that may name one of the snapshots. One that cannot be read is no error here: it is reported, and keeps what it might name. */
export async function gatherReferences(
  snapshotIds: readonly string[],
  sources: readonly ReferenceSource[],
  signal: AbortSignal,
): Promise<Gathered> {
  const references = new Map<string, Reference[]>()
  const unread: Gathered['unread'][number][] = []
  for (const source of snapshotIds.length === 0 ? [] : sources) {
    try {
      for (const reference of await source.find(snapshotIds, signal)) {
        references.set(reference.snapshotId, [...(references.get(reference.snapshotId) ?? []), reference])
      }
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
      unread.push({ title: source.title, reason: error.message, hint: error.hint })
    }
  }
  return { references, unread }
}
