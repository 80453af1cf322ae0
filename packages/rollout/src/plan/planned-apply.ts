import type { KubernetesObject, Manifest } from '@prebake/manifests'

/** A manifest that the API server would accept. */
export interface PlannedApply {
  /** As given, with a namespace where its kind has them. */
  readonly manifest: Manifest
  /** The object as it was when it served; undefined where it is new. */
  readonly before: KubernetesObject | undefined
  /** The object as it was found, where an earlier rollout has left another version than `before` without ending. */
  readonly found?: KubernetesObject
  /** The object as the dry run made it; undefined where a dry run was not possible. */
  readonly after: KubernetesObject | undefined
  /** Whether applying it would change anything. */
  readonly changes: boolean
}
