import { kindNamed } from '../kinds.ts'
import type { Deployment, ReplicaSet } from '../objects.ts'
import type { Cluster } from '../cluster.ts'
import { mergePatch, recordUpdate } from './managed-fields.ts'
import { badRequest, conflict, invalid } from './status.ts'

/** The scale subresource of a Deployment or ReplicaSet, autoscaling/v1. */
export function scaleOf({ metadata, spec, status }: Deployment | ReplicaSet): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const selector = Object.entries(spec.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status?.['replicas'] ?? 0, selector },
  }
}

/** Applies a merge patch of a Scale. @throws StatusError 400 for a body without replicas, 409 for one of an older version. */
export function setScale(
  { store, agenda }: Cluster,
  object: Deployment | ReplicaSet,
  change: unknown,
  manager: string,
): Record<string, unknown> {
  const scale = mergePatch(scaleOf(object), change) as
    { spec?: { replicas?: unknown }; metadata?: { resourceVersion?: unknown } } | undefined
  const version = scale?.metadata?.resourceVersion
  if (version !== undefined && version !== object.metadata.resourceVersion) throw conflict(kindNamed(object.kind), object.metadata.name)
  // An omitted number is Go's zero.
  const replicas = scale?.spec?.replicas ?? 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) throw badRequest('Scale in version "v1" cannot be handled as a Scale')
  if (replicas < 0) {
    throw invalid(
      kindNamed(object.kind),
      object.metadata.name,
      'spec.replicas',
      `Invalid value: ${replicas}: must be greater than or equal to 0`,
    )
  }
  return scaleOf(
    store.update(object, (draft) => {
      draft.spec.replicas = replicas
      recordUpdate(draft, object, { manager, subresource: 'scale', now: agenda.now() })
    }),
  )
}
