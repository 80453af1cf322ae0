import { PrebakeError } from '@prebake/kernel'
import { tagKeys } from '@prebake/snapshot-record'
import type { BuildJournal } from './build-journal.ts'
import type { BuildPorts } from './build-request.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'

/** Describe lags behind Run and Create: an empty first answer proves nothing (facts A3). */
const searchMs = 60_000

/** A run, from its saved state. */
export interface LeftRun {
  readonly runToken: string
  readonly journal: BuildJournal
  /** Whether the build finished; its snapshot then stays unchanged. */
  readonly finished: boolean
}

export interface CleanUp {
  readonly terminated: readonly string[]
  readonly deleted: readonly string[]
  /** Sealed but not verified. The next build of the same content verifies and uses it. */
  readonly kept: SnapshotRecord | undefined
  /** What failed until the end: what was tried, and what happened. */
  readonly failures: ReadonlyMap<string, PrebakeError>
}

type Ports = Pick<BuildPorts, 'builders' | 'snapshots' | 'clock'>

/** Whether a run may have left resources to terminate or report. */
export function mayHaveLeft({ journal, finished }: Omit<LeftRun, 'runToken'>): boolean {
  return journal.builders.length > 0 || (!finished && journal.snapshot !== undefined)
}

/**
 * Terminates every instance of a run. Keeps its snapshot, verified or not: a snapshot is only taken of a sealed volume, after its instance has stopped, and
 * completes by itself. Deletes useless snapshots: the younger of two from one request whose response was lost, and one in the state `error`.
 * Safe to repeat. Retries transient failures for a minute; a failure does not prevent other terminations.
 */
export async function cleanUpBuild(run: LeftRun, ports: Ports, signal: AbortSignal): Promise<CleanUp> {
  const { builders, snapshots, clock } = ports
  const { journal, finished } = run
  const tag = { [tagKeys.run]: run.runToken }
  const terminated = new Set<string>()
  const deleted = new Set<string>()
  const failures = new Map<string, PrebakeError>()
  let kept: SnapshotRecord | undefined

  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<{ readonly done: T } | undefined> => {
    try {
      const done = await work()
      failures.delete(what)
      return { done }
    } catch (error) {
      if (signal.aborted) throw error
      failures.set(what, error as PrebakeError)
      return undefined
    }
  }
  const terminate = (id: string) =>
    attempt(`Terminate ${id}`, async () => {
      await builders.terminate(id, signal)
      terminated.add(id)
    })

  /** Whether every known instance is listed; until then, more may appear. */
  const endBuilders = async (): Promise<boolean> => {
    const found = await attempt(findInstances, () => builders.find(tag, signal))
    const alive = (found?.done ?? []).filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')
    const known = journal.builders.flatMap(({ instanceId }) => (instanceId === undefined ? [] : [instanceId]))
    let shown = found !== undefined
    for (const id of new Set([...alive.map(({ instanceId }) => instanceId), ...known])) {
      const seen =
        found?.done.find(({ instanceId }) => instanceId === id) ?? (await attempt(`Find ${id}`, () => builders.get(id, signal)))?.done
      if (seen?.state === 'terminated' || seen?.state === 'shutting-down') continue
      // Also one that is not listed: it may be too young, or the role may lack the permission to describe it.
      await terminate(id)
      shown &&= seen !== undefined
    }
    return shown
  }
  /** Whether the snapshot is listed, or never will be. */
  const sortSnapshots = async (): Promise<boolean> => {
    if (finished || journal.snapshot === undefined) return true
    const found = await attempt(findItsSnapshots, () => snapshots.find(tag, signal))
    if (found === undefined) return !isTransient(failures.get(findItsSnapshots))
    const unverified = found.done.filter(({ tags, snapshotId }) => tags[tagKeys.verified] === undefined && !deleted.has(snapshotId))
    const usable = unverified.filter(({ state }) => state === 'pending' || state === 'completed')
    // The list starts with the newest.
    kept = usable.at(-1)
    for (const { snapshotId } of [...unverified.filter(({ state }) => state === 'error'), ...usable.slice(0, -1)])
      await attempt(`Delete ${snapshotId}`, () => snapshots.delete(snapshotId, signal).then(() => deleted.add(snapshotId)))
    return found.done.length > 0
  }

  const until = clock.now().getTime() + searchMs
  for (;;) {
    const allShown = [await endBuilders(), await sortSnapshots()].every(Boolean) && allAnswered(journal)
    const isFinal = ![...failures.values()].some(isTransient)
    if ((isFinal && (allShown || failures.has(findInstances))) || clock.now().getTime() >= until) break
    await clock.sleep(5000, signal)
  }
  return { terminated: [...terminated], deleted: [...deleted], kept, failures }
}

const isTransient = (error: unknown) => error instanceof PrebakeError && error.transient

const findInstances = 'Find the instances of this run'
const findItsSnapshots = 'Find the snapshots of this run'

/** Whether EC2 has answered each launch, so that every instance ID is known. */
const allAnswered = ({ builders }: BuildJournal) => builders.every(({ instanceId }) => instanceId !== undefined)
