import { ServiceError, type Clock } from '@prebake/kernel'
import { formatLabelSelector, type LabelSelector } from '@prebake/manifests'
import type { DeploymentState, ObservedKind, ObservedObject, PodLog, Workload } from '@prebake/startup'
import type { ApiClient } from './api-client.ts'
import { unlessMissing, type Discovery } from './discovery.ts'
import { findScalers } from './find-scalers.ts'
import { queryString } from './list-objects.ts'
import { hasNoLog, parseLog } from './log-lines.ts'
import { readStart } from './read-body.ts'
import { watchObjects } from './watch-objects.ts'

interface Deployment {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>>; readonly resourceVersion?: string }
  readonly spec: {
    readonly paused?: boolean
    readonly replicas?: number
    readonly selector: LabelSelector
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } }
  }
  readonly status?: { readonly readyReplicas?: number }
}

const apiVersions: Readonly<Record<ObservedKind, string>> = { Pod: 'v1', Event: 'v1', Node: 'v1', NodeClaim: 'karpenter.sh/v1' }

/** The log of one start. vLLM writes well under 1 MiB until it serves. */
const logBytes = 32 * 2 ** 20

/** Workload over the API server's HTTP. Stamps changes by `clock` when they are read from the connection. */
export function createWorkload(client: ApiClient, discovery: Discovery, clock: Clock): Workload {
  async function deploymentPath(operation: string, name: string, namespace: string, signal: AbortSignal): Promise<string> {
    return discovery.objectPath(await discovery.require(operation, 'apps/v1', 'Deployment', signal), namespace, name)
  }

  return {
    async deployment(name, namespace, signal) {
      const operation = `get Deployment ${namespace}/${name}`
      const path = await deploymentPath(operation, name, namespace, signal)
      const found = (await unlessMissing(client.json({ operation, path }, signal))) as Deployment | undefined
      return found && stateOf(found)
    },

    async scale(name, namespace, replicas, signal) {
      const operation = `scale Deployment ${namespace}/${name} to ${replicas}`
      const path = await deploymentPath(operation, name, namespace, signal)
      const patch = { contentType: 'application/merge-patch+json', body: { spec: { replicas } } }
      await client.json({ operation, path: `${path}/scale?fieldManager=prebake`, patch }, signal)
    },

    async annotate(name, namespace, { annotations, resourceVersion }, signal) {
      const operation = `annotate Deployment ${namespace}/${name}`
      const path = await deploymentPath(operation, name, namespace, signal)
      const patch = { contentType: 'application/merge-patch+json', body: { metadata: { annotations, resourceVersion } } }
      try {
        await client.json({ operation, path: `${path}?fieldManager=prebake`, patch }, signal)
        return true
      } catch (error) {
        if (error instanceof ServiceError && error.status === 409) return false
        throw error
      }
    },

    scalers: (name, namespace, signal) => findScalers({ name, namespace }, client, discovery, signal),

    async *watch({ kind, namespace, labelSelector }, signal) {
      const found = await unlessAborted(discovery.require(`watch ${kind}`, apiVersions[kind], kind, signal), signal)
      if (!found) return
      const query = { kind: found, namespace, labelSelector }
      for await (const { type, object } of watchObjects(client, query, clock, signal)) {
        yield { type, kind, object: object as unknown as ObservedObject, receivedAt: clock.now() }
      }
    },

    async log(pod, namespace, signal) {
      const operation = `log Pod ${namespace}/${pod}`
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`
      const found = await unlessMissing(client.json({ operation, path }, signal))
      const container = (found as { spec: { containers: readonly { name: string }[] } } | undefined)?.spec.containers[0]?.name
      if (container === undefined) return noLog
      try {
        const query = queryString({ container, timestamps: 'true' })
        const read = (body: AsyncIterable<Uint8Array>) => readStart(body, logBytes)
        const { text, truncated } = await client.log({ operation, path: `${path}/log${query}` }, read, signal)
        return { lines: parseLog(text), truncated }
      } catch (error) {
        if (hasNoLog(error)) return noLog
        throw error
      }
    },
  }
}

const noLog: PodLog = { lines: [], truncated: false }

function stateOf({ metadata, spec, status }: Deployment): DeploymentState {
  return {
    replicas: spec.replicas ?? 1,
    readyReplicas: status?.readyReplicas ?? 0,
    podSelector: formatLabelSelector(spec.selector),
    image: spec.template.spec.containers[0]?.image ?? '',
    paused: spec.paused === true,
    annotations: metadata.annotations ?? {},
    resourceVersion: metadata.resourceVersion ?? '',
  }
}

/** An aborted watch ends without an error, also before it has started. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}
