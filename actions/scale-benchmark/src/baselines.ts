import { workflowContext, type ActionContext, type WorkflowContext } from '@prebake/action-kit'
import type { Report } from '@prebake/startup'
import { readBranchHistory, type BranchHistory } from './branch-history.ts'
import type { BenchmarkInputs } from './inputs.ts'
import { readBaseline } from './read-baseline.ts'

/** What a measurement can be compared with. */
export interface Baselines {
  readonly workflow: WorkflowContext
  /** Runs of the report that `baseline` names. */
  readonly report: readonly Report[]
  readonly history: BranchHistory
}

/** Reads both ahead of the first change. @throws InputError for a report that cannot be used; never quotes it */
export async function readBaselines(given: BenchmarkInputs, context: Pick<ActionContext, 'env' | 'reporter'>): Promise<Baselines> {
  const file = given.baseline ?? given.control
  const report = file === undefined ? [] : await readBaseline(file, context.env)
  const workflow = await workflowContext()
  return { workflow, report, history: await readBranchHistory(given, workflow, context) }
}
