import type { KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '../src/index.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'
import { classOf } from './versioned-manifests.ts'

/** Asked before each request, by its name: `apply NodePool`, `get Deployment`. It sends the request, or does something else. */
export type Ask = <T>(name: string, send: () => Promise<T>) => Promise<T>

/** The cluster with each request passed through `ask`. */
export function through(cluster: TestCluster, ask: Ask): Cluster {
  return {
    ...cluster,
    get: (reference, end) => ask(`get ${reference.kind}`, () => cluster.get(reference, end)),
    list: (query, end) => ask(`list ${query.kind}`, () => cluster.list(query, end)),
    apply: (document, options, end) =>
      ask(`${options.dryRun ? 'dry-run' : 'apply'} ${document.kind}`, () => cluster.apply(document, options, end)),
    log: (pod, options, end) => ask('log', () => cluster.log(pod, options, end)),
  }
}

const versionOf = (object: KubernetesObject): string => {
  const text = JSON.stringify(object['spec'])
  return ['snap-1', 'snap-2', 'snap-3'].find((id) => text.includes(classOf(id))) ?? 'none'
}

/** The versions of NodePool and Deployment, and whether the NodePool is paused. */
export function stateOf(cluster: TestCluster) {
  const pool = cluster.find('NodePool')
  return {
    pool: versionOf(pool),
    deployment: versionOf(cluster.find('Deployment')),
    paused: pool.metadata.annotations?.['prebake.dev/held'] !== undefined || JSON.stringify(pool['spec']).includes('"nodes":"0"'),
  }
}
