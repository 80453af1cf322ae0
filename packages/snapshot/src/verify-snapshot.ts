import { PrebakeError, waitFor } from '@prebake/kernel'
import { tagKeys, type VerifiedLevel } from '@prebake/snapshot-record'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { composeCommand } from './builder/compose-command.ts'
import { initializeBuilder, probeBuilder } from './builder/initialize-builder.ts'
import { recipeLines } from './builder/plan-lines.ts'
import { runOnBuilder, SilentBuilderError, type BuilderSession } from './builder/run-on-builder.ts'
import { powerOffAfterMs, withBuilder } from './builder/with-builder.ts'
import { hostScripts } from './host-scripts.ts'
import type { BuildPlan } from './resolve-plan.ts'

/** How often in a row no script may answer: a restarted container begins the check again, which does not speak against the snapshot. */
const silentLooks = 5

/**
 * Boots a second instance from the snapshot and checks marker, images and sizes, and of each file: its first and last mebibyte can be read (`quick`), or
 * its digest is right (`full`).
 * The verdict goes onto the snapshot's tags. @throws PrebakeError when the check fails: such a snapshot is never reused or published; or, without a
 * verdict, when it came to no end.
 */
export async function verifySnapshot(
  snapshotId: string,
  level: VerifiedLevel,
  request: BuildRequest,
  plan: BuildPlan,
  ports: BuildPorts,
  signal: AbortSignal,
): Promise<void> {
  const { snapshots, reporter } = ports
  const check = async (session: BuilderSession) => {
    await probeBuilder(session, reporter)
    // For its dead-man switch, and so that no kubelet touches the images while they are looked at.
    await initializeBuilder(session, powerOffAfterMs('verify', request))
    return awaitVerdict(session, level, request, plan, ports)
  }
  await reporter.group(`Verify ${snapshotId} on a second instance (${level})`, async () => {
    const verdict = await withBuilder('verify', snapshotId, request, plan, ports, signal, check)
    await snapshots.tag(snapshotId, { [tagKeys.verified]: 'passed' in verdict ? level : 'failed' }, signal)
    if ('passed' in verdict) return reporter.info(`Verified: ${verdict.passed}`)
    throw new PrebakeError(`Verify ${snapshotId}: ${verdict.failed}`, {
      hint: 'The snapshot is tagged prebake:verified=failed and kept for a look; run the build again.',
    })
  })
}

type Verdict = { readonly passed: string } | { readonly failed: string }

/** Asks until the check has ended; a full one goes on by itself between two questions. */
function awaitVerdict(
  session: BuilderSession,
  level: VerifiedLevel,
  request: BuildRequest,
  plan: BuildPlan,
  { reporter }: BuildPorts,
): Promise<Verdict> {
  const scripts = hostScripts()
  const ask = composeCommand('verify.sh', [level, 'recipe'])
  const bringAndAsk = composeCommand('verify.sh', [level, 'recipe'], {
    scripts: { 'lib.sh': scripts['lib.sh'], 'verify.sh': scripts['verify.sh'] },
    inbox: { recipe: `${recipeLines(plan.recipe, request.revision).join('\n')}\n` },
  })
  let brought = false
  let silent = 0
  return waitFor<Verdict>({
    awaited: `the check on ${session.instanceId}`,
    limitMs: request.timeoutMs,
    everyMs: 1000,
    clock: session.clock,
    signal: session.signal,
    onState: (state) => reporter.progress(state),
    hint: 'Raise `timeout`, or choose `verify: quick`, which reads the ends of each file only.',
    poll: async () => {
      const { succeeded, spoke, lines, error, ending } = await runOnBuilder(session, 'verify', brought ? ask : bringAndAsk)
      // A container that was restarted has lost everything.
      brought = spoke
      const passed = lines.get('verified')?.at(-1)
      const progress = lines.get('verifying')?.at(-1)
      if (spoke) silent = 0
      if (succeeded && passed !== undefined) return { value: { passed } }
      if (succeeded && progress !== undefined) return { state: `verifying: ${progress}` }
      if (spoke) return { value: { failed: error ?? `the check failed without a reason (${ending})` } }
      silent += 1
      if (silent >= silentLooks) throw new SilentBuilderError('verify', ending)
      return { state: `no answer (${ending})` }
    },
  })
}
