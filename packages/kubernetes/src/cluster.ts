import { CancelledError, type Clock } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '@prebake/rollout'
import type { ApiClient } from './api-client.ts'
import { unlessMissing, type Discovery } from './discovery.ts'
import { listObjects, queryString } from './list-objects.ts'
import { hasNoLog } from './log-lines.ts'
import { readEnd } from './read-body.ts'
import { watchObjects } from './watch-objects.ts'

/** Of a log's last lines. A single line can be of any length. */
const logTailBytes = 256 * 1024

/**
 * Cluster over the API server's HTTP. Documents are sent unchanged: a typed client would drop the fields that it does not know, and with an apply a
 * manager gives up the fields that it omits.
 */
export function createCluster(client: ApiClient, discovery: Discovery, address: string, clock: Clock): Cluster {
  return {
    address,
    async version(signal) {
      const { gitVersion } = (await client.json({ operation: 'read the version', path: '/version' }, signal)) as { gitVersion?: string }
      return gitVersion ?? 'unknown'
    },
    async discover(apiVersion, kind, signal) {
      const found = await discovery.find(apiVersion, kind, signal)
      return found && { namespaced: found.namespaced }
    },
    async get({ apiVersion, kind, name, namespace }, signal) {
      const operation = `get ${title(kind, name, namespace)}`
      const path = discovery.objectPath(await discovery.require(operation, apiVersion, kind, signal), namespace, name)
      return (await unlessMissing(client.json({ operation, path }, signal))) as KubernetesObject | undefined
    },
    async list({ apiVersion, kind, namespace, labelSelector }, signal) {
      const found = await discovery.require(`list ${kind}`, apiVersion, kind, signal)
      return (await listObjects(client, { kind: found, namespace, labelSelector }, signal)).objects
    },
    async *changes({ apiVersion, kind, name, namespace }, signal) {
      try {
        const found = await discovery.require(`watch ${title(kind, name, namespace)}`, apiVersion, kind, signal)
        const query = { kind: found, namespace, fieldSelector: `metadata.name=${name}` }
        for await (const _ of watchObjects(client, query, clock, signal)) yield
      } catch (error) {
        if (!(signal.aborted && error instanceof CancelledError)) throw error
      }
    },
    async remove({ apiVersion, kind, name, namespace }, signal) {
      const operation = `delete ${title(kind, name, namespace)}`
      const path = discovery.objectPath(await discovery.require(operation, apiVersion, kind, signal), namespace, name)
      const query = queryString({ propagationPolicy: 'Background' })
      return (await unlessMissing(client.json({ operation, path: `${path}${query}`, method: 'DELETE' }, signal))) !== undefined
    },
    async log({ name, namespace, container }, { previous, tailLines }, signal) {
      const query = queryString({ container, tailLines: String(tailLines), previous: previous ? 'true' : undefined })
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log${query}`
      try {
        const read = (body: AsyncIterable<Uint8Array>) => readEnd(body, logTailBytes)
        const { text, truncated } = await client.log({ operation: `log ${title('Pod', name, namespace)}`, path }, read, signal)
        return truncated ? `[Only the last ${logTailBytes / 1024} KiB of this log are shown.]\n${text}` : text || undefined
      } catch (error) {
        if (hasNoLog(error)) return undefined
        throw error
      }
    },
    async apply(document, { dryRun, force }, signal) {
      const { apiVersion, kind, metadata } = document
      const operation = `apply ${title(kind, metadata.name, metadata.namespace)}`
      const path = discovery.objectPath(await discovery.require(operation, apiVersion, kind, signal), metadata.namespace, metadata.name)
      const query = queryString({
        fieldManager: 'prebake',
        fieldValidation: 'Strict',
        force: force ? 'true' : undefined,
        dryRun: dryRun ? 'All' : undefined,
      })
      const patch = { contentType: 'application/apply-patch+yaml', body: document, idempotent: true }
      return (await client.json({ operation, path: `${path}${query}`, patch }, signal)) as KubernetesObject
    },
  }
}

function title(kind: string, name: string, namespace: string | undefined): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`
}
