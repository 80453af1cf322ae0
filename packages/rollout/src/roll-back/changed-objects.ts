import { pausedBy, titleOf, type KubernetesObject } from '@prebake/manifests'
import { pausedPools } from '../apply/known-state.ts'
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

/**
 * The NodePool whose pause this run does not have, although its rollout would need it: another run rolls it out, or has done so; what runs on it is that run's.
 * @param objects as they were read back.
 */
export function poolOfAnother(objects: readonly ReadBack[], run: string): ReadBack | undefined {
  const paused = pausedPools(objects)
  return objects.find(({ manifest, live, version }) => {
    if (!paused.some((pool) => pool.manifest === manifest)) return false
    const owner = live?.metadata.annotations?.[pausedBy]
    return owner !== run && (owner !== undefined || version !== 'before')
  })
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
