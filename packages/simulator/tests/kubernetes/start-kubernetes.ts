import { openJournal } from '../../src/core/journal.ts'
import { serve } from '../../src/core/serve.ts'
import { seededRandom, simulatedClock } from '../../src/core/world.ts'
import { createKubernetes } from '../../src/kubernetes/create-kubernetes.ts'
import type { Deployment, KubeObject } from '../../src/kubernetes/objects.ts'

export const token = 'a-token'
export const deploymentPath = '/apis/apps/v1/namespaces/default/deployments/vllm'
const mergePatch = 'application/merge-patch+json'

/** The simulated cluster on a port of its own, 1200 times as fast as the world, with one completed snapshot `snap-1`. */
export async function startKubernetes({ seed = 1, rate = 1200 } = {}) {
  const journal = openJournal()
  const simulation = { clock: simulatedClock(rate), journal, faultFor: () => undefined, random: seededRandom(seed) }
  const snapshots = [{ snapshotId: 'snap-1', state: 'completed' }]
  const kubernetes = createKubernetes(simulation, { token, snapshots: () => snapshots })
  const server = await serve(kubernetes.service, simulation)

  const call = async (method: string, path: string, body?: unknown, type = 'application/json', authorization = `Bearer ${token}`) => {
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization, 'content-type': type },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, text, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown> & KubeObject }
  }
  const apply = (path: string, document: object, query = '') =>
    call('PATCH', `${path}?fieldManager=test${query}`, document, 'application/apply-patch+yaml')
  const until = async <T>(what: string, look: () => Promise<T | undefined> | T | undefined, seconds = 3600): Promise<T> => {
    const end = simulation.clock.now().getTime() + seconds * 1000
    while (simulation.clock.now().getTime() < end) {
      const found = await look()
      if (found !== undefined) return found
      await simulation.clock.sleep(5)
    }
    throw new Error(`in ${seconds} simulated seconds not seen: ${what}`)
  }
  return {
    url: server.url,
    journal,
    clock: simulation.clock,
    snapshots,
    kubernetes,
    call,
    apply,
    until,
    scale: (replicas: number) => call('PATCH', `${deploymentPath}/scale`, { spec: { replicas } }, mergePatch),
    applyAll: async (documents: Readonly<Record<string, object>>) => {
      for (const [path, document] of Object.entries(documents)) await apply(path, document)
    },
    /** Waits until exactly so many pods of the newest template are there and ready. */
    ready: (replicas: number) =>
      until(`${replicas} ready`, () => {
        const [deployment] = kubernetes.objects('Deployment') as readonly Deployment[]
        const { replicas: all, readyReplicas, updatedReplicas, observedGeneration } = deployment?.status ?? {}
        const current = observedGeneration === deployment?.metadata.generation
        return current && all === replicas && readyReplicas === replicas && updatedReplicas === replicas ? deployment : undefined
      }),
    async stop() {
      await kubernetes.stop()
      await server.close()
    },
  }
}

export type StartedKubernetes = Awaited<ReturnType<typeof startKubernetes>>
