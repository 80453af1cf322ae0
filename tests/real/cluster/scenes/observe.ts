import type { Api, ApiObject } from '../parts/api.ts'

/** A pod that was bound to a node, as it was then. */
export interface Landing {
  readonly pod: string
  /** The version of the NodeClass that the pod asked for. */
  readonly wanted: string
  readonly node: string
  readonly bornAt: string
}

/** What happened in the cluster, from the API server's own watches: nothing that comes and goes between two looks is missed. */
export interface Observation {
  /** Every pod that ever landed on a node. */
  readonly landings: ReadonlyMap<string, Landing>
  /** Every NodeClaim that there ever was, as it was last. */
  readonly claims: ReadonlyMap<string, ApiObject>
  /** Pods that serve: ready, and not being ended. */
  serving(): number
  /** The fewest that served at any moment since the last call of `mark`. */
  fewest(): number
  mark(): void
  /** The first fault of a watch; undefined while all is well. */
  fault(): unknown
  stop(): Promise<void>
}

interface Pod extends ApiObject {
  readonly spec: { readonly nodeName?: string; readonly nodeSelector?: Readonly<Record<string, string>> }
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

export function observe(api: Api): Observation {
  const end = new AbortController()
  const landings = new Map<string, Landing>()
  const claims = new Map<string, ApiObject>()
  const serving = new Set<string>()
  let fewest = 0
  let fault: unknown

  function onPod(type: string, pod: Pod): void {
    const { uid = '', name, deletionTimestamp, creationTimestamp = '' } = pod.metadata
    const isReady = pod.status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false
    if (type !== 'DELETED' && isReady && deletionTimestamp === undefined) serving.add(uid)
    else serving.delete(uid)
    fewest = Math.min(fewest, serving.size)
    const { nodeName, nodeSelector } = pod.spec
    if (nodeName !== undefined && !landings.has(uid))
      landings.set(uid, { pod: name, wanted: nodeSelector?.['prebake.dev/nodeclass'] ?? '', node: nodeName, bornAt: creationTimestamp })
  }
  const keep = (error: unknown) => void (fault ??= error)
  const running = Promise.all([
    api.watch('/api/v1/namespaces/default/pods?labelSelector=app%3Dvllm', (type, pod) => onPod(type, pod as Pod), end.signal).catch(keep),
    api.watch('/apis/karpenter.sh/v1/nodeclaims', (_, claim) => void claims.set(claim.metadata.name, claim), end.signal).catch(keep),
  ])
  return {
    landings,
    claims,
    serving: () => serving.size,
    fewest: () => fewest,
    mark: () => void (fewest = serving.size),
    fault: () => fault,
    async stop() {
      end.abort()
      await running
    },
  }
}
