import { afterEach } from '@jest/globals'
import type { Clock } from '@prebake/kernel'
import { connectCluster } from '../src/index.ts'
import type { KubernetesObject } from '@prebake/manifests'
import { startApiServer, type ApiServer } from '@prebake/simulator/api-server'
import type { Cluster } from '@prebake/rollout'

/** The simulator's API server behind the adapter that the actions use. No controller runs: a test plays them. */
export interface TestCluster extends Cluster, Pick<ApiServer, 'change' | 'writeLog' | 'inject'> {
  /** `dry-run Deployment default/vllm`, `apply …`, `delete …`: the requests that change something, in order of their arrival. */
  calls(): readonly string[]
  /** From here on, `calls` starts over. */
  forgetCalls(): void
  drop(kind: string): void
  add(object: KubernetesObject): void
  find(kind: string, name?: string): KubernetesObject
  all(kind: string): readonly KubernetesObject[]
}

const started: ApiServer[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]()
})

/** @param clock the pauses before a read is tried again @param without kinds that the cluster does not know */
export async function testCluster(clock?: Clock, without: readonly string[] = []): Promise<TestCluster> {
  const server = await startApiServer({ without })
  started.push(server)
  const { cluster } = await connectCluster({ kubeconfig: server.kubeconfig, env: {}, ...(clock && { clock }) })
  const all = (kind: string) => server.objects(kind) as readonly unknown[] as readonly KubernetesObject[]
  let forgotten = 0
  return {
    ...cluster,
    change: server.change,
    writeLog: server.writeLog,
    inject: server.inject,
    calls: () =>
      server
        .requests()
        .slice(forgotten)
        .map(({ operation }) => operation.replace(/^apply (.*) \(dry run\)$/, 'dry-run $1'))
        .filter((operation) => /^(apply|dry-run|delete) /.test(operation)),
    forgetCalls: () => void (forgotten = server.requests().length),
    // That a watch is open, and no change: only the clock makes time pass, and each poll sees what it has done.
    async *changes(_reference, signal) {
      yield
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    },
    all,
    find(kind, name) {
      const found = all(kind).find(({ metadata }) => name === undefined || metadata.name === name)
      if (found === undefined) throw new Error(`No ${kind} ${name ?? ''}`)
      return found
    },
    drop: (kind) => server.remove(kind),
    add: server.add,
  }
}
