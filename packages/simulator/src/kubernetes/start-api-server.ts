import { scriptFaults, type Fault } from '../core/faults.ts'
import { openJournal, type RecordedRequest } from '../core/journal.ts'
import { serve } from '../core/serve.ts'
import { seededRandom, simulatedClock, type SimulatedClock } from '../core/world.ts'
import { createApiServer } from './api/api-server.ts'
import { mergePatch, recordUpdate } from './api/managed-fields.ts'
import { createCluster, kubeconfigFor } from './create-kubernetes.ts'
import type { KubeObject } from './objects.ts'
import type { Unstored } from './store.ts'

export interface ApiServerOptions {
  /** Kinds that it does not know, as where Karpenter is not installed. */
  readonly without?: readonly string[]
  /** Its time, for stamps and for the end of watches (default: real time). */
  readonly clock?: SimulatedClock
}

/** An object as a test writes it down. */
export interface GivenObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

/** The API server alone, without controllers: nothing changes but by requests and by what a test does here. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string
  /** A kubeconfig, as YAML, whose token may do everything. */
  readonly kubeconfig: string
  /** Objects of a kind as they are now, by namespace and name. */
  readonly objects: (kind: string) => readonly KubeObject[]
  /** Stores an object unchecked, with its status, as a controller could have made it; the uid and creation time that it names are kept. */
  readonly add: (object: GivenObject) => void
  /** Merges fields into the first object of the kind, or the one of this name: as a controller does, or as another client whose manager goes on record. */
  readonly change: (kind: string, fields: object, options?: { readonly name?: string; readonly manager?: string }) => void
  /** Removes the first object of the kind, or the one of this name, at once. */
  readonly remove: (kind: string, name?: string) => void
  /** What the running container of a pod has written. */
  readonly writeLog: (pod: string, text: string) => void
  /** Makes a vLLM listen in a pod, from now on. */
  readonly serveModel: (pod: string, servedName: string, port?: number) => void
  /** Every request so far, named as kubectl would: `apply Deployment default/vllm (dry run)`. */
  readonly requests: () => readonly RecordedRequest[]
  /** From now on, requests meet this: an error, a lost answer (`{ kind: 'reset', after: true }`), silence. */
  readonly inject: (fault: Omit<Fault, 'server'>) => void
  /** Ends every open watch, as an API server does that restarts. */
  readonly closeWatches: () => void
}

const token = 'the-token'

/** Starts the simulator's API server on a free port of 127.0.0.1, for tests of what talks to one. */
export async function startApiServer({ without = [], clock = simulatedClock(1) }: ApiServerOptions = {}): Promise<ApiServer> {
  const faults: Fault[] = []
  const journal = openJournal()
  const simulation = { clock, journal, faultFor: scriptFaults(faults), random: seededRandom(1) }
  const cluster = createCluster(simulation, () => [])
  const { store, agenda, logs } = cluster
  const service = createApiServer(cluster, { isAllowed: (given) => given === token, without })
  const server = await serve(service, simulation)
  const find = (kind: string, name?: string) => {
    const found = store.list(kind).find(({ metadata }) => name === undefined || metadata.name === name)
    if (!found) throw new Error(`the API server has no ${kind} ${name ?? ''}`)
    return found
  }
  return {
    url: server.url,
    kubeconfig: kubeconfigFor(server.url, token),
    objects: (kind) => store.list(kind),
    add(given) {
      const object = structuredClone(given) as Unstored<KubeObject>
      store.update(store.create(object), (draft) => Object.assign(draft.metadata, object.metadata))
    },
    change(kind, fields, { name, manager } = {}) {
      const before = find(kind, name)
      store.update(before, (draft) => {
        Object.assign(draft, mergePatch(draft, structuredClone(fields)))
        if (manager !== undefined) recordUpdate(draft, before, { manager, now: agenda.now() })
      })
    },
    remove: (kind, name) => store.remove(find(kind, name)),
    writeLog(pod, text) {
      const lines = text.replace(/\n$/, '').split('\n')
      logs.set(
        find('Pod', pod).metadata.uid,
        lines.map((line) => ({ at: agenda.now(), text: line })),
      )
    },
    serveModel(pod, servedName, port = 8000) {
      cluster.servers.set(find('Pod', pod).metadata.uid, { servedName, port, servingAt: agenda.now(), completions: 0 })
    },
    requests: () => journal.entries(),
    inject: (fault) => void faults.push({ server: service.name, ...fault }),
    closeWatches: () => cluster.watches.forEach((close) => close()),
    async [Symbol.asyncDispose]() {
      agenda.stop()
      store.wake()
      await server.close()
    },
  }
}
