import { runState } from '@prebake/action-kit'
import type { ReplicasBefore } from '@prebake/startup'

/** State that `main` passes to `post`, saved before the first change: the original replicas, and those that the measurement sets. */
export function benchmarkState() {
  const state = runState(['deployment', 'namespace', 'replicas', 'set'])
  return {
    save({ deployment, namespace, replicas, set }: ReplicasBefore): void {
      state.save({ deployment, namespace, replicas: String(replicas), set: set.join(' ') })
    },
    /** Undefined if nothing was changed. */
    read(): ReplicasBefore | undefined {
      const { deployment, namespace, replicas, set = '' } = state.read()
      if (deployment === undefined || namespace === undefined || replicas === undefined) return undefined
      return { deployment, namespace, replicas: Number(replicas), set: set.split(' ').map(Number) }
    },
  }
}
