import type { KubernetesObject, ObjectReference } from '@prebake/manifests'
import type { ClusterReader } from '@prebake/preflight'

/** The cluster that manifests are applied to. Each method is one request: how long and how often is the use case's business. */
export interface Cluster extends ClusterReader {
  /**
   * Tells that the object is there and, from then on, each time that it has changed or gone, until `signal` aborts: then it ends without an error.
   * @throws what the API server says when it refuses to tell.
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
  /** Deletes it; what it owns follows. @returns whether there was such an object. It may take its time to go: finalizers. */
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
