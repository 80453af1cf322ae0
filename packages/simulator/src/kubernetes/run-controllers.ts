import type { Cluster } from './cluster.ts'
import { collectGarbage } from './controllers/delete-object.ts'
import { runPods } from './controllers/run-pods.ts'
import { schedulePods } from './controllers/schedule-pods.ts'
import { syncDeployments } from './controllers/sync-deployments.ts'
import { syncReplicaSets } from './controllers/sync-replica-sets.ts'
import { syncStatefulSets } from './controllers/sync-stateful-sets.ts'
import { consolidateNodes } from './karpenter/terminate-nodes.ts'
import { launchNodes } from './karpenter/launch-nodes.ts'
import { writeHashes } from './karpenter/mark-drifted.ts'
import { provisionNodes } from './karpenter/provision-nodes.ts'
import { replaceDrifted } from './karpenter/replace-drifted.ts'
import { syncNodeClaims, syncNodeClasses, syncNodePools } from './karpenter/sync-conditions.ts'
import { delayOf } from './draws.ts'
import type { timings } from '../timings.ts'

interface Controller {
  readonly name: string
  /** Kinds whose changes make it look. */
  readonly watches: readonly string[]
  readonly delay: keyof typeof timings
  readonly sync: (cluster: Cluster) => void
}

/** Each controller looks at the whole state a little after something that it watches has changed, and does what is left to do. */
export function runControllers(cluster: Cluster): void {
  const nominations = new Map<string, string>()
  const emptySince = new Map<string, number>()
  const replacements = new Map<string, string>()
  const taken = new Set<string>()
  const controllers: readonly Controller[] = [
    { name: 'deployments', watches: ['Deployment', 'ReplicaSet'], delay: 'controllerSync', sync: syncDeployments },
    { name: 'replica sets', watches: ['ReplicaSet', 'Pod'], delay: 'controllerSync', sync: syncReplicaSets },
    { name: 'stateful sets', watches: ['StatefulSet', 'Pod'], delay: 'controllerSync', sync: syncStatefulSets },
    { name: 'scheduler', watches: ['Pod', 'Node'], delay: 'schedulerPass', sync: schedulePods },
    { name: 'kubelets', watches: ['Pod'], delay: 'controllerSync', sync: (state) => runPods(state, taken) },
    { name: 'node classes', watches: ['EC2NodeClass', 'NodeClaim'], delay: 'controllerSync', sync: syncNodeClasses },
    { name: 'hashes', watches: ['EC2NodeClass', 'NodePool'], delay: 'controllerSync', sync: writeHashes },
    { name: 'node pools', watches: ['NodePool', 'EC2NodeClass'], delay: 'controllerSync', sync: syncNodePools },
    {
      name: 'provisioner',
      watches: ['Pod', 'NodePool', 'NodeClaim'],
      delay: 'karpenterBatch',
      sync: (state) => provisionNodes(state, nominations),
    },
    { name: 'launches', watches: ['NodeClaim'], delay: 'controllerSync', sync: launchNodes },
    { name: 'node claims', watches: ['NodeClaim', 'Node'], delay: 'controllerSync', sync: syncNodeClaims },
    {
      name: 'consolidation',
      watches: ['Pod', 'NodeClaim', 'NodePool'],
      delay: 'schedulerPass',
      sync: (state) => consolidateNodes(state, emptySince),
    },
    {
      name: 'drift',
      watches: ['Pod', 'NodeClaim', 'NodePool', 'EC2NodeClass'],
      delay: 'disruptionPoll',
      sync: (state) => replaceDrifted(state, replacements),
    },
  ]
  cluster.store.onChange(({ type, object }) => {
    for (const { name, watches, delay, sync } of controllers) {
      if (watches.includes(object.kind)) cluster.agenda.soon(name, delayOf(cluster, delay, name), () => sync(cluster))
    }
    if (type === 'DELETED') cluster.agenda.soon('garbage', delayOf(cluster, 'controllerSync', 'garbage'), () => collectGarbage(cluster))
  })
}
