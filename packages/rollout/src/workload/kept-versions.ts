import { fieldsOf, numberAt, readField, specOf, type Fields, type KubernetesObject } from '@prebake/manifests'
import { listReadable } from '../observe/list-readable.ts'
import type { Cluster } from '../ports/cluster.ts'

/**
 * The pod templates of a workload's ReplicaSets, the newest first; undefined where they cannot be listed.
 * @param revision the annotation that counts them. @param hash the label that the controller adds to each template.
 */
export async function replicaSetTemplates(
  workload: KubernetesObject,
  { revision, hash }: { readonly revision: string; readonly hash: string },
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<readonly Fields[] | undefined> {
  const sets = await listOwned(workload, 'ReplicaSet', cluster, signal)
  const revisionOf = ({ metadata }: KubernetesObject) => Number(metadata.annotations?.[revision] ?? 0)
  return sets
    ?.toSorted((one, other) => revisionOf(other) - revisionOf(one))
    .map((set) => {
      const template = fieldsOf(specOf(set)['template'])
      const { [hash]: _hash, ...labels } = fieldsOf(readField(template, 'metadata.labels'))
      return { ...template, metadata: { ...fieldsOf(template['metadata']), labels } }
    })
}

/**
 * A field of the specs that a workload's ControllerRevisions keep, the newest first; undefined where they cannot be listed. They are patches
 * (kubernetes pkg/controller/history, and LeaderWorkerSet's pkg/utils/revision): `$patch: replace` says so.
 */
export async function revisionFields(
  workload: KubernetesObject,
  field: string,
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<readonly Fields[] | undefined> {
  const revisions = await listOwned(workload, 'ControllerRevision', cluster, signal)
  const numberOf = (each: KubernetesObject) => numberAt(each, 'revision') ?? 0
  return revisions
    ?.toSorted((one, other) => numberOf(other) - numberOf(one))
    .map((each) => {
      const { $patch: _patch, ...fields } = fieldsOf(readField(each['data'], `spec.${field}`))
      return fields
    })
}

async function listOwned(
  { metadata: { namespace, uid } }: KubernetesObject,
  kind: 'ReplicaSet' | 'ControllerRevision',
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[] | undefined> {
  const listed = await listReadable(cluster, { apiVersion: 'apps/v1', kind, ...(namespace && { namespace }) }, signal)
  if ('unreadable' in listed) return undefined
  return listed.items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
}
