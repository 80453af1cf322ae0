import { runState } from '@prebake/action-kit'
import type { ReplicasBefore } from '@prebake/startup'

/** What `main` leaves to `post`, saved ahead of the first change: the replicas that were found, and those that the measurement sets. */
export function benchmarkState() {
  const state = runState(['deployment', 'namespace', 'replicas', 'set'])
  return {
    save({ deployment, namespace, replicas, set }: ReplicasBefore): void {
      state.save({ deployment, namespace, replicas: String(replicas), set: set.join(' ') })
    },
    /** Undefined where nothing was changed. */
    read(): ReplicasBefore | undefined {
      const { deployment, namespace, replicas, set = '' } = state.read()
      if (deployment === undefined || namespace === undefined || replicas === undefined) return undefined
      return { deployment, namespace, replicas: Number(replicas), set: set.split(' ').map(Number) }
    },
  }
}
