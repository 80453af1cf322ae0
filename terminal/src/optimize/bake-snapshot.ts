import { build } from '@prebake/build-snapshot/build'
import { openBuild } from '../run/open-run.ts'
import { buildInputs } from './action-inputs.ts'
import { phaseTitles, type OptimizeRun } from './optimize-run.ts'
import type { Outlook } from './rehearse.ts'

/** Bakes, or takes the finished snapshot of the same content. @returns its ID */
export async function bakeSnapshot({ values, settings, memory, context }: OptimizeRun, outlook: Outlook): Promise<string> {
  const { reporter, env } = context
  if (outlook?.reusable !== undefined) {
    const { snapshotId } = outlook.reusable
    reporter.skip(phaseTitles.bake, `${snapshotId} has the same content already, verified`)
    return snapshotId
  }
  const { result, seconds } = await reporter.phase(phaseTitles.bake, () =>
    build(buildInputs(settings, values.build ?? [], env), openBuild(memory), context),
  )
  if (!result.reused) memory.rememberSeconds({ [phaseTitles.bake]: Math.round(seconds) })
  return result.snapshotId
}
