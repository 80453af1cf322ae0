import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runState, type RunState } from '@prebake/action-kit'
import { PrebakeError } from '@prebake/kernel'
import type { RolloutJournal, RolloutRecord } from '@prebake/rollout'
import type { ApplyErrorCode } from './error-codes.ts'

/** Names the record's file. */
export type RecordState = RunState<'record'>

const recordState = (): RecordState => runState(['record'])
const nothing = ''

/** Keeps for `post` what a rollout has begun, in a file that the step's state names. What it saves, `post` will find. */
export function rolloutJournal(env: NodeJS.ProcessEnv, state = recordState()): RolloutJournal {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  return {
    save(record) {
      mkdirSync(folder, { recursive: true })
      const file = join(folder, `prebake-rollout-${record.run}.json`)
      // Values of Secrets do not belong on a disk: they stay as they were applied.
      const planned = record.planned.filter(({ manifest }) => manifest.document.kind !== 'Secret')
      // A step that is killed while it writes leaves no half a record.
      writeFileSync(`${file}.new`, JSON.stringify({ ...record, planned }), { mode: 0o600 })
      renameSync(`${file}.new`, file)
      state.save({ record: file })
    },
    clear: () => state.save({ record: nothing }),
  }
}

/** What `main` has left to be ended; undefined where there is nothing. @throws PrebakeError when its record cannot be read. */
export function readRecord(state = recordState()): RolloutRecord | undefined {
  const { record: file } = state.read()
  if (!file) return undefined
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as Partial<RolloutRecord>
    const { run, planned, rollback, force } = record
    if (run === undefined || planned === undefined || rollback === undefined || force === undefined)
      throw new TypeError('It is incomplete.')
    return { run, planned, rollback, force }
  } catch (cause) {
    throw new PrebakeError(`Read what the rollout has begun: ${file} cannot be read.`, {
      code: 'rollout-record-unreadable' satisfies ApplyErrorCode,
      hint:
        'A NodePool with the annotation `prebake.dev/held` is still paused: Karpenter replaces none of its drifted nodes. ' +
        'Re-run the job, or apply the manifests of NodePool and Deployment again.',
      cause,
    })
  }
}
