import { join } from 'node:path'
import type { ActionContext } from '@prebake/action-kit'
import { readRecord } from '@prebake/apply-manifests/rollout-record'
import { cleanUp as cleanUpBuild } from '@prebake/build-snapshot/clean-up'
import { buildState, buildStateNames } from '@prebake/build-snapshot/state'
import { PrebakeError } from '@prebake/kernel'
import { openCluster, type ClusterInputs } from '@prebake/kubernetes/access'
import type { TerminalErrorCode } from '../error-codes.ts'
import type { Memory } from '../memory/memory-file.ts'
import { restoreScaled } from './scaled-state.ts'

/** Where records of rollouts are kept, which are too long for the memory file. */
export const recordFolder = (folder: string): string => join(folder, '.prebake')

const ownNames = ['pid', 'cluster'] as const

/** The state of a build and a rollout, under the names that the actions give it. */
export const openBuild = (memory: Memory) => buildState(memory.open(buildStateNames))
export const openRollout = (memory: Memory) => memory.open(['record'])

/**
 * Takes the folder for this run, and ends first what an earlier one, which was killed, has left.
 * @throws PrebakeError `run-active` while another process works in the folder
 */
export async function beginRun(memory: Memory, context: ActionContext): Promise<void> {
  const { pid } = memory.open(ownNames).read()
  if (pid !== undefined) {
    if (isAlive(Number(pid))) {
      const code = 'run-active' satisfies TerminalErrorCode
      const hint = `Wait for it, or stop it with Ctrl-C. If the process ${pid} is something else, delete ${memory.file}.`
      throw new PrebakeError(`Begin a run: process ${pid} is at work in this folder.`, { code, hint })
    }
    context.reporter.info('An earlier run was killed. First, what it left is ended.')
    await endRun(memory, context)
  }
  memory.open(ownNames).save({ pid: String(process.pid) })
}

/** Before anything is changed on it. */
export function noteCluster(memory: Memory, cluster: ClusterInputs): void {
  memory.open(ownNames).save({ cluster: JSON.stringify(cluster) })
}

/** Ends everything that a run has left: its instances, and a rollout that does not serve. Safe to repeat. @throws the first failure, after all was tried */
export async function endRun(memory: Memory, context: ActionContext): Promise<void> {
  const { env, signal, reporter, clock } = context
  const failures: unknown[] = []
  const attempt = (work: () => Promise<void>) => work().catch((error: unknown) => void failures.push(error))

  const build = openBuild(memory).read()
  if (build !== undefined) {
    const { mayHaveLeft } = await import('@prebake/snapshot')
    if (mayHaveLeft(build)) await attempt(() => cleanUpBuild(build, context))
  }
  const { cluster: target } = memory.open(ownNames).read()
  await attempt(async () => {
    const record = readRecord(openRollout(memory))
    if (record === undefined || target === undefined) return
    const { cleanUp } = await import('@prebake/rollout')
    const { cluster } = await openCluster(JSON.parse(target) as ClusterInputs, { env, clock }, signal)
    await cleanUp(record, { cluster, clock, reporter }, signal)
  })
  await attempt(() => restoreScaled(memory, context))
  if (failures.length === 0) return memory.close()
  reporter.warning(`${memory.file} keeps what could not be ended, and the next run tries it again. Delete the file to forget it.`)
  throw failures[0]
}

/** Whether this run has begun anything that must be ended. */
export const isOpen = (memory: Memory): boolean => memory.open(ownNames).read().pid === String(process.pid)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
