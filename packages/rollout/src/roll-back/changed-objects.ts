import { titleOf, type KubernetesObject } from '@prebake/manifests'
import type { Applied } from '../apply/apply-planned.ts'

/** An object that was there before, and that this rollout has changed. */
export type ChangedObject = Applied & { readonly before: KubernetesObject }

/** What a failed rollout has done to the cluster. */
export interface ChangesMade {
  /** In the order in which they were applied. */
  readonly changed: readonly ChangedObject[]
  /** Titles of the objects that are new. */
  readonly created: readonly string[]
}

/** @param applied what the API server has confirmed. */
export function changesMade(applied: readonly Applied[]): ChangesMade {
  return {
    changed: applied.filter((each): each is ChangedObject => each.changed && each.before !== undefined),
    created: applied.filter(({ before }) => before === undefined).map(({ object }) => titleOf(object)),
  }
}
