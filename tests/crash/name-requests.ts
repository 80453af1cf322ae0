import type { FaultedRequest } from '@prebake/simulator'

/** What changes something; all other requests only look. */
const changing = new Set([
  'RunInstances',
  'SendCommand',
  'StopInstances',
  'TerminateInstances',
  'CreateSnapshot',
  'DeleteSnapshot',
  'CreateTags',
])

/** A request's place in a build. */
export interface Place {
  /** `bake: SendCommand init`, or `bake: GetCommandInvocation of SendCommand init, later`. */
  readonly name: string
  /** `SendCommand`. */
  readonly operation: string
  readonly changes: boolean
}

/**
 * Names the requests of one build by what they are for, not by their number: how often a build looks at what it waits for differs from run to run.
 * Looks at one thing are equal from the second on: they differ in nothing that client or server knows but the time. So are the repeated `status` and
 * `probe` commands, which only look too.
 */
export function namePlaces(): (request: FaultedRequest) => Place | undefined {
  const counts = new Map<string, number>()
  let phase = 'before'
  let step = 'the start'
  return ({ server, operation, parameters }) => {
    if (server !== 'aws') return undefined
    if (operation === 'RunInstances') phase = phase === 'before' ? 'bake' : 'verify'
    const changes = changing.has(operation)
    if (changes) step = operation === 'SendCommand' ? `SendCommand ${scriptOf(parameters)}` : operation
    const bare = `${phase}: ${changes ? step : `${operation} after ${step}`}`
    const count = (counts.get(bare) ?? 0) + 1
    counts.set(bare, count)
    const poll = !changes || /status|probe/.test(step)
    return { name: `${bare}${count === 1 ? '' : poll ? ', later' : `, no. ${count}`}`, operation, changes }
  }
}

/** Which host script a command runs (packages/snapshot/host/README.md, "How a command arrives"). */
function scriptOf(parameters: unknown): string {
  const line = (parameters as { Parameters?: { commands?: readonly string[] } }).Parameters?.commands?.[0] ?? ''
  return / 'run (\w+)\.sh/.exec(line)?.[1] ?? 'unknown'
}
