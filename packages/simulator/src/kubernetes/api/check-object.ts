import type { Cluster } from '../cluster.ts'
import { groupVersionOf, type Kind, kindNamed } from '../kinds.ts'
import type { NodePool } from '../karpenter/objects.ts'
import type { Deployment, KubeObject, Pod, StatefulSet } from '../objects.ts'
import type { ResourcePath } from './read-path.ts'
import { checkLabels } from './check-labels.ts'
import { badRequest, invalid, notFound } from './status.ts'

const required: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec.containers'],
  Deployment: ['spec.selector', 'spec.template.metadata.labels', 'spec.template.spec.containers'],
  NodePool: ['spec.template.spec.nodeClassRef'],
  NodeClaim: ['spec.nodeClassRef'],
}

/**
 * The few checks without which the controllers could not work. Whether every field is known and right, and who may do what (strict validation, RBAC,
 * admission), is the business of the real API server, which the project is tested on as well.
 * @throws StatusError 400, 404 or 422 in the API server's words.
 */
export function checkObject(
  cluster: Cluster,
  path: ResourcePath & { name: string },
  document: unknown,
): asserts document is Record<string, unknown> {
  const { kind, name, namespace } = path
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw badRequest('the object provided is not an object')
  const { apiVersion, kind: kindName, metadata } = document as { apiVersion?: unknown; kind?: unknown; metadata?: Record<string, unknown> }
  if (apiVersion !== groupVersionOf(kind) || kindName !== kind.kind) {
    throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${text(apiVersion)}, Kind=${text(kindName)}`)
  }
  if (metadata?.['name'] !== undefined && metadata['name'] !== name) {
    throw badRequest(`the name of the object (${text(metadata['name'])}) does not match the name on the URL (${name})`)
  }
  if (metadata?.['namespace'] !== undefined && metadata['namespace'] !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (namespace !== undefined && !cluster.store.get('Namespace', namespace)) throw notFound(kindNamed('Namespace'), namespace)
  checkRequired(kind, name, document)
  checkLabels(cluster, path, document as unknown as KubeObject)
}

function checkRequired(kind: Kind, name: string, document: object): void {
  for (const field of required[kind.kind] ?? []) {
    let value: unknown = document
    for (const part of field.split('.')) value = (value as Record<string, unknown> | undefined)?.[part]
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
      throw invalid(kind, name, field, 'Required value')
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Fills in place what the API server (and the CRD's schema) fills in, as far as something here reads it. */
export function setDefaults(object: KubeObject): void {
  if (object.kind === 'Pod') {
    const pod = object as Pod
    pod.status ??= { phase: 'Pending' }
  }
  if (object.kind === 'Deployment') {
    const { spec } = object as Deployment
    spec.replicas ??= 1
    spec.progressDeadlineSeconds ??= 600
    spec.strategy ??= { type: 'RollingUpdate' }
    spec.strategy.type ??= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      const given = spec.strategy.rollingUpdate
      spec.strategy.rollingUpdate = { maxSurge: given?.maxSurge ?? '25%', maxUnavailable: given?.maxUnavailable ?? '25%' }
    }
  }
  if (object.kind === 'StatefulSet') {
    const { spec } = object as StatefulSet
    spec.replicas ??= 1
    spec.podManagementPolicy ??= 'OrderedReady'
    spec.updateStrategy ??= { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }
  }
  if (object.kind === 'NodePool') {
    const { spec } = object as NodePool
    spec.disruption = {
      ...spec.disruption,
      consolidationPolicy: spec.disruption?.consolidationPolicy ?? 'WhenEmptyOrUnderutilized',
      consolidateAfter: spec.disruption?.consolidateAfter ?? '0s',
      budgets: spec.disruption?.budgets ?? [{ nodes: '10%' }],
    }
    spec.template.spec.expireAfter ??= '720h'
  }
}
