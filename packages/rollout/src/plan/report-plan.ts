import type { Reporter } from '@prebake/kernel'
import { diffObjects, titleOf } from '@prebake/manifests'
import type { PlannedApply } from './plan-rollout.ts'

/** Says what applying would do, with a line for each field that would change. */
export function reportPlan(planned: readonly PlannedApply[], reporter: Pick<Reporter, 'info'>): void {
  for (const { manifest, before, after, changes } of planned) {
    const outcome = before === undefined ? 'would be created' : changes ? 'would be changed' : 'would not change'
    reporter.info(`${titleOf(manifest.document)} ${outcome}`)
    if (before !== undefined && after !== undefined) for (const line of diffObjects(before, after)) reporter.info(`  ${line}`)
  }
}
