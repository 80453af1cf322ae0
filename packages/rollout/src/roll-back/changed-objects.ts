import { titleOf, type KubernetesObject } from '@prebake/manifests'
import type { ReadBack } from '../observe/read-back.ts'

/** An object that was there before, and is no longer what it was. */
export type ChangedObject = ReadBack & { readonly before: KubernetesObject }

/** What a rollout has done to the cluster. */
export interface ChangesMade {
  /** In the order in which they were applied. */
  readonly changed: readonly ChangedObject[]
  /** Titles of the objects that are new. */
  readonly created: readonly string[]
}

/** @param objects as they were read back: which answers have come says nothing about what was applied. */
export function changesMade(objects: readonly ReadBack[]): ChangesMade {
  return {
    changed: objects.filter((each): each is ChangedObject => each.changes && each.before !== undefined && each.version !== 'before'),
    created: objects
      .filter(({ before, live }) => before === undefined && live !== undefined)
      .map(
        ({ manifest, unread }) => `${titleOf(manifest.document)}${unread === undefined ? '' : ' (if it was applied; it cannot be read)'}`,
      ),
  }
}
