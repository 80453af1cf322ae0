import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runState } from '@prebake/action-kit'
import { PrebakeError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import type { ApplyErrorCode } from './error-codes.ts'

export interface PausedNodePools {
  /** The run that paused them. */
  readonly run: string
  /** What ends the pauses, when applied. */
  readonly documents: readonly KubernetesObject[]
}

const pausedState = () => runState(['paused'])

/** Writes down for `post` which NodePools this run pauses, in a file that the step's state names. When it returns, `post` will find it. */
export function savePaused(paused: PausedNodePools, env: NodeJS.ProcessEnv): void {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `prebake-paused-${paused.run}.json`)
  // A step that is killed while it writes leaves the record of before.
  writeFileSync(`${file}.new`, JSON.stringify(paused), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  pausedState().save({ paused: file })
}

/** What `main` has left; undefined where no NodePool is paused. @throws PrebakeError when its record cannot be read. */
export function readPaused(): PausedNodePools | undefined {
  const { paused: file } = pausedState().read()
  if (!file) return undefined
  try {
    const { run, documents } = JSON.parse(readFileSync(file, 'utf8')) as PausedNodePools
    return documents.length > 0 ? { run, documents } : undefined
  } catch (cause) {
    throw new PrebakeError(`Read which NodePools are paused: ${file} cannot be read.`, {
      code: 'paused-record-unreadable' satisfies ApplyErrorCode,
      hint:
        'A NodePool with the annotation `prebake.dev/held` is still paused: Karpenter replaces none of its drifted nodes. ' +
        'Re-run the job, or apply the manifest of the NodePool again.',
      cause,
    })
  }
}
