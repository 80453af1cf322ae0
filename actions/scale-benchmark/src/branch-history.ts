import { createHash } from 'node:crypto'
import { rollingCache, type ActionContext, type RollingCache, type WorkflowContext } from '@prebake/action-kit'
import type { HistoryEntry, Report } from '@prebake/startup'
import type { BenchmarkInputs } from './inputs.ts'

/** Earlier runs of the default branch, as the workflow cache has them. */
export interface BranchHistory {
  readonly entries: readonly HistoryEntry[]
  /** Why there are none, for the report. */
  readonly missing?: string
  /** Adds the candidate's runs, on the default branch alone: what a pull request measures is no baseline. */
  add(runs: readonly Report[]): Promise<void>
}

/** Reads the history ahead of the measurement. What is there is checked before it is believed; without it the run goes on. */
export async function readBranchHistory(
  given: BenchmarkInputs,
  workflow: WorkflowContext,
  { env, reporter }: Pick<ActionContext, 'env' | 'reporter'>,
): Promise<BranchHistory> {
  const { appendHistory, formatHistory, historyEntry, parseHistory } = await import('@prebake/startup')
  const cache = await rollingCache({ prefix: cachePrefix(given), run: workflow.runKey ?? '', env })
  if (cache === undefined) return { entries: [], add: () => Promise.resolve() }
  const { entries, missing } = await read(cache)
  return {
    entries,
    ...(missing !== undefined && { missing }),
    async add(runs) {
      if (!workflow.onDefaultBranch || given.pullRequest !== undefined || workflow.runKey === undefined) return
      const source = {
        ...(workflow.sha !== undefined && { sha: workflow.sha }),
        ...(workflow.runUrl !== undefined && { runUrl: workflow.runUrl }),
      }
      const added = runs.flatMap((run) => historyEntry(run, source) ?? [])
      if (added.length === 0)
        return reporter.notice('Not added to the history of the default branch: the run was disturbed, or not all pods became Ready.')
      const saved = await cache.save(formatHistory(appendHistory(entries, added)))
      if (saved) reporter.info(`Added to the history of the default branch, which has ${Math.min(30, entries.length + added.length)} runs`)
      else reporter.warning('Not added to the history of the default branch: the workflow cache did not take it.')
    },
  }

  async function read(from: RollingCache): Promise<{ entries: readonly HistoryEntry[]; missing?: string }> {
    const text = await from.restore()
    if (text === undefined) {
      return {
        entries: [],
        missing:
          'The workflow cache has no run of the default branch: none was measured yet, or GitHub removed it, as it does with what was not read for 7 days',
      }
    }
    const parsed = parseHistory(text)
    if (!('wrong' in parsed)) return { entries: parsed }
    reporter.warning(`The history of the default branch in the workflow cache is not used: ${parsed.wrong}.`)
    return { entries: [], missing: `The history of the default branch is not used: ${parsed.wrong}` }
  }
}

/** All that is known ahead of a run and changes a start without being what is compared. */
function cachePrefix({ candidate, deployment, namespace, clusterName, awsRegion, from, to, cold }: BenchmarkInputs): string {
  const parts = JSON.stringify([candidate, deployment, namespace, clusterName ?? '', awsRegion ?? '', from, to, cold ?? ''])
  return `prebake-scale-benchmark-${createHash('sha256').update(parts).digest('hex').slice(0, 16)}`
}
