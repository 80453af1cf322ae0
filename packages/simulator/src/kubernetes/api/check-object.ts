import type { Cluster } from '../cluster.ts'
import { groupVersionOf, kindNamed, type Kind } from '../kinds.ts'
import { badRequest, invalid, notFound } from './status.ts'
import type { ResourcePath } from './read-path.ts'

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
