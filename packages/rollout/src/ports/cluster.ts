import type { KubernetesObject, ObjectReference } from '@prebake/manifests'
import type { ClusterReader } from '@prebake/preflight'

/** The cluster that manifests are applied to. Each method is one request: how long and how often to poll is decided by the use case. */
export interface Cluster extends ClusterReader {
  /**
   * Yields once for the present state and then each time that the object is changed or deleted, until `signal` aborts: then it ends without an error.
   * @throws what the API server answers when it refuses the watch.
   */
  changes(reference: ObjectReference, signal: AbortSignal): AsyncIterable<void>
  /**
   * Server-side apply of the document as it is, field manager `prebake`, strict field validation.
   * @returns the object as the server then has it. @throws ServiceError in the server's own words; a conflict names field and owner.
   */
  apply(
    document: KubernetesObject,
    options: { readonly dryRun: boolean; readonly force: boolean },
    signal: AbortSignal,
  ): Promise<KubernetesObject>
  /** Deletes it, and what it owns. @returns whether there was such an object. Finalizers may delay the end. */
  remove(reference: ObjectReference, signal: AbortSignal): Promise<boolean>
  /**
   * The last lines of a container's log, as text.
   * @param options.previous of its last run, after a crash.
   * @returns undefined where there is none: no such pod, not started yet, no earlier run, nothing written.
   */
  log(
    pod: PodReference,
    options: { readonly previous: boolean; readonly tailLines: number },
    signal: AbortSignal,
  ): Promise<string | undefined>
}

export interface PodReference {
  readonly name: string
  readonly namespace: string
  readonly container: string
}
