import { PrebakeError } from '@prebake/kernel'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { composeCommand } from './builder/compose-command.ts'
import { greetBuilder, probeBuilder } from './builder/greet-builder.ts'
import { recipeLines } from './builder/plan-lines.ts'
import { insist, runOnBuilder, type Line } from './builder/run-on-builder.ts'
import { powerOffAfterMs, withBuilder } from './builder/with-builder.ts'
import { hostScripts } from './host-scripts.ts'
import type { BuildPlan } from './resolve-plan.ts'
import { tagKeys } from './tags.ts'

/**
 * Boots a second instance from the snapshot and checks marker, images, sizes, and that each file's first and last mebibyte can be read.
 * The verdict goes onto the snapshot's tags. @throws PrebakeError when the check fails: such a snapshot is never reused or published.
 */
export async function verifySnapshot(
  snapshotId: string,
  request: BuildRequest,
  plan: BuildPlan,
  ports: BuildPorts,
  signal: AbortSignal,
): Promise<void> {
  const { snapshots, reporter } = ports
  const check = async (line: Line) => {
    await probeBuilder(line, reporter)
    // For its dead-man switch, and so that no kubelet touches the images while they are looked at.
    await greetBuilder(line, powerOffAfterMs('verify', request))
    const scripts = hostScripts()
    const command = composeCommand('verify.sh', ['quick', 'recipe'], {
      scripts: { 'lib.sh': scripts['lib.sh'], 'verify.sh': scripts['verify.sh'] },
      inbox: { recipe: `${recipeLines(plan.recipe, request.revision).join('\n')}\n` },
    })
    return insist(() => runOnBuilder(line, 'verify', command))
  }
  await reporter.group(`Verify ${snapshotId} on a second instance`, async () => {
    const answer = await withBuilder('verify', snapshotId, request, plan, ports, signal, check)
    const passed = answer.succeeded && answer.lines.has('verified')
    await snapshots.tag(snapshotId, { [tagKeys.verified]: passed ? 'quick' : 'failed' }, signal)
    if (passed) return reporter.info(`Verified: ${answer.lines.get('verified')?.at(-1)}`)
    throw new PrebakeError(`Verify ${snapshotId}: ${answer.error ?? `the check failed without a word (${answer.ending})`}`, {
      hint: 'The snapshot is tagged prebake:verified=failed and kept for a look; run the build again.',
    })
  })
}
