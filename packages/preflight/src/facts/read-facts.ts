import { CancelledError, PrebakeError } from '@prebake/kernel'
import type { KubernetesObject, ObjectReference } from '@prebake/manifests'
import type { ClusterReader, ObjectQuery } from '../ports/cluster-reader.ts'
import type { Fact } from '../ports/fact.ts'

/**
 * Looks something up that a rule needs. What cannot be read, without the permission for instance, is a fact that was not checked: it must not end a
 * rollout.
 * @throws CancelledError, and what is not a failure of a service.
 */
export async function readFact<T>(what: string, signal: AbortSignal, read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await read() }
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
    return { unchecked: `${what} cannot be read (${error.message.replace(/\.$/, '')})` }
  }
}

/** One object; undefined where it is not there, or the cluster does not know its kind. */
export function readObject(
  cluster: ClusterReader,
  what: string,
  reference: ObjectReference,
  signal: AbortSignal,
): Promise<Fact<KubernetesObject | undefined>> {
  return readFact(what, signal, async () =>
    (await cluster.discover(reference.apiVersion, reference.kind, signal)) === undefined ? undefined : cluster.get(reference, signal),
  )
}

/** All objects of a query; none where the cluster does not know the kind. */
export function readObjects(
  cluster: ClusterReader,
  what: string,
  query: ObjectQuery,
  signal: AbortSignal,
): Promise<Fact<readonly KubernetesObject[]>> {
  return readFact(what, signal, async () =>
    (await cluster.discover(query.apiVersion, query.kind, signal)) === undefined ? [] : cluster.list(query, signal),
  )
}

/** Looks up each of these once, all at the same time. */
export async function readEach<Name extends string, T>(
  names: Iterable<Name>,
  read: (name: Name) => Promise<T>,
): Promise<Readonly<Record<string, T>>> {
  const entries = [...new Set(names)].map(async (name) => [name, await read(name)] as const)
  return Object.fromEntries(await Promise.all(entries))
}
