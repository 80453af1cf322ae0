import type { FaultedRequest } from '@prebake/simulator'
import type { Place } from '../name-requests.ts'

/**
 * Names the requests of one rollout by what they are for: the change that came before, and whether it is the first of its sort since. A rollout's
 * second `apply NodePool vllm` ends the pause, or switches back, and then the third ends the pause.
 */
export function nameRolloutPlaces(): (request: FaultedRequest) => Place | undefined {
  const counts = new Map<string, number>()
  let step = 'the start'
  const numbered = (name: string, more: (count: number) => string) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? name : `${name}, ${more(count)}`
  }
  return ({ operation }) => {
    const changes = /^(apply|delete|patch) /.test(operation) && !operation.endsWith('(dry run)')
    // NodeClasses and pods are each of another name.
    const bare = operation.replace(/ (EC2NodeClass|Pod) \S+/, ' $1')
    if (!changes) return { name: numbered(`${bare} after ${step}`, () => 'later'), operation, changes }
    step = numbered(bare, (count) => `no. ${count}`)
    return { name: step, operation, changes }
  }
}
