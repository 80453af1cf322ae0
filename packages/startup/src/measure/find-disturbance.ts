import type { DeploymentState } from '../ports/workload.ts'
import type { History, PodObject } from '../timeline/observed-objects.ts'

export interface MeasuredPods {
  /** Those that were there at the scale request. */
  readonly before: readonly History<PodObject>[]
  /** Those that came after it. */
  readonly created: readonly History<PodObject>[]
  /** How many were asked for. */
  readonly wanted: number
  /** The Deployment at the end; undefined: it is gone. */
  readonly after: Pick<DeploymentState, 'replicas'> | undefined
  /** The replicas that were set. */
  readonly to: number
}

/** What others did to the pods while they were measured, as a sentence without a full stop; undefined: nothing was seen. */
export function findDisturbance({ before, created, wanted, after, to }: MeasuredPods): string | undefined {
  if (after === undefined) return 'the Deployment was deleted'
  if (after.replicas !== to) return `another client set ${after.replicas} replicas`
  const removed = [...before, ...created]
    .filter(({ deleted, latest }) => deleted || isLeaving(latest))
    .map(({ latest }) => latest.metadata.name)
  if (removed.length > 0) return `${removed.join(', ')} ${removed.length === 1 ? 'was' : 'were'} removed by others`
  return created.length > wanted ? `${created.length} pods were created where ${wanted} were asked for` : undefined
}

const isLeaving = ({ metadata }: PodObject): boolean =>
  (metadata as { readonly deletionTimestamp?: string }).deletionTimestamp !== undefined
