import { stringify } from 'yaml'
import type { Service, Simulation } from '../core/serve.ts'
import { createAgenda } from './agenda.ts'
import { createApiServer } from './api/api-server.ts'
import type { Cluster, SnapshotState } from './cluster.ts'
import { createDraws } from './draws.ts'
import { pathOf } from './kinds.ts'
import { nodeName, systemNode } from './karpenter/boot-node.ts'
import type { KubeObject } from './objects.ts'
import { runControllers } from './run-controllers.ts'
import { createStore } from './store.ts'

export interface KubernetesOptions {
  /** EBS snapshots as EC2 has them at the moment; a class with any other never gets ready. */
  readonly snapshots: () => readonly SnapshotState[]
  /** The kubeconfig's bearer token, which may do everything. */
  readonly token: string
  /** Whether another token may do the same; any other gets 401. */
  readonly isAllowed?: (token: string, now: Date) => boolean
}

export interface SimulatedKubernetes {
  readonly service: Service
  /** Objects of a kind as they are now, by namespace and name. */
  objects(kind: string): readonly KubeObject[]
  /** A kubeconfig, as YAML, for this API served at `url`. */
  kubeconfig(url: string): string
  /** Ends all that is under way: nothing changes any more, and watches end. */
  stop(): Promise<void>
}

const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

/** An EKS cluster: API server, controllers, scheduler, Karpenter, kubelets, and vLLM in the pods. Repeatable by the simulation's seed. */
export function createKubernetes(
  simulation: Pick<Simulation, 'clock' | 'random'>,
  { snapshots, token, isAllowed = () => false }: KubernetesOptions,
): SimulatedKubernetes {
  const cluster = createCluster(simulation, snapshots)
  const { store, agenda } = cluster
  store.create(systemNode(nodeName('172.31.5.20'), '172.31.5.20', agenda.now()))
  runControllers(cluster)

  return {
    service: createApiServer(cluster, { isAllowed: (given) => given === token || isAllowed(given, simulation.clock.now()) }),
    objects(kind) {
      agenda.catchUp()
      return store.list(kind)
    },
    kubeconfig: (url) => kubeconfigFor(url, token),
    stop() {
      agenda.stop()
      store.wake()
      return Promise.resolve()
    },
  }
}

/** What the API server and the controllers share, with the namespaces that every cluster has. */
export function createCluster({ clock, random }: Pick<Simulation, 'clock' | 'random'>, snapshots: Cluster['snapshots']): Cluster {
  const draws = createDraws(Math.floor(random() * 2 ** 32))
  const agenda = createAgenda(clock)
  const store = createStore({ now: () => agenda.now(), newUid: (object) => draws.uuid(pathOf(object)) })
  for (const name of namespaces) {
    store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } })
  }
  return {
    store,
    agenda,
    draws,
    snapshots,
    machines: new Map(),
    logs: new Map(),
    servers: new Map(),
    hearsTermFrom: new Map(),
    backOffs: new Map(),
    watches: new Set(),
  }
}

/** A kubeconfig, as YAML, for the API server at `url`. */
export const kubeconfigFor = (url: string, token: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'simulated',
    // Clients refuse a token over plain HTTP unless they are configured to accept it.
    clusters: [{ name: 'simulated', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'simulated', user: { token } }],
    contexts: [{ name: 'simulated', context: { cluster: 'simulated', user: 'simulated', namespace: 'default' } }],
  })
