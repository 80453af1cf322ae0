import { randomUUID } from 'node:crypto'
import { runState } from '@prebake/action-kit'
import type { ReplicasBefore } from '@prebake/startup'

/** What `post` has to end. */
export type Remains =
  | ({ readonly mode: 'in-place'; readonly instanceTypes: readonly string[] } & ReplicasBefore)
  /** Copies of this run, whatever of them has been made. `instanceTypes`: of the nodes that may run, one word each. */
  | { readonly mode: 'isolated'; readonly run: string; readonly namespace: string; readonly instanceTypes: readonly string[] }

/** State that `main` passes to `post`, saved before the first change. */
export function benchmarkState() {
  const state = runState(['mode', 'run', 'deployment', 'namespace', 'replicas', 'set', 'instanceTypes'])
  return {
    save(remains: Remains): void {
      const { mode, run, namespace } = remains
      const instanceTypes = remains.instanceTypes.join(' ')
      if (remains.mode === 'isolated') return state.save({ mode, run, namespace, instanceTypes })
      const { deployment, replicas, set } = remains
      state.save({ mode, run, deployment, namespace, replicas: String(replicas), set: set.join(' '), instanceTypes })
    },
    /** Undefined if nothing was changed. */
    read(): Remains | undefined {
      const { mode, run, deployment, namespace, replicas, set = '', ...read } = state.read()
      const instanceTypes = (read.instanceTypes ?? '').split(' ').filter(Boolean)
      if (run === undefined || namespace === undefined) return undefined
      if (mode === 'isolated') return { mode, run, namespace, instanceTypes }
      if (deployment === undefined || replicas === undefined) return undefined
      return { mode: 'in-place', run, deployment, namespace, replicas: Number(replicas), set: set.split(' ').map(Number), instanceTypes }
    },
  }
}

/** Names this run of the action, so that a later attempt of the workflow run knows that it is over; it is also a label's value. */
export function runName(env: NodeJS.ProcessEnv): string {
  return `${env['GITHUB_RUN_ID'] || 'local'}-${env['GITHUB_RUN_ATTEMPT'] || '1'}-${randomUUID().slice(0, 8)}`
}
