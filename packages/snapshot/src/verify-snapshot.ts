import { PrebakeError, waitFor } from '@prebake/kernel'
import { tagKeys, type VerifiedLevel } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { composeCommand } from './builder/compose-command.ts'
import { initializeBuilder, probeBuilder } from './builder/initialize-builder.ts'
import { recipeLines } from './builder/plan-lines.ts'
import { runOnBuilder, SilentBuilderError, type BuilderSession } from './builder/run-on-builder.ts'
import { powerOffAfterMs, withBuilder } from './builder/with-builder.ts'
import { hostScripts } from './host-scripts.ts'
import type { BuildPlan } from './resolve-plan.ts'

/** How many polls in a row may find no script: a restarted container starts the verification again, which is not the snapshot's fault. */
const silentPolls = 5

/**
 * Boots a second instance from the snapshot and checks marker, images and sizes, and for each file that its first and last mebibyte can be read (`quick`)
 * or that its digest matches (`full`). Writes the verdict to the snapshot's tags.
 * @throws PrebakeError if the verification fails: such a snapshot is never reused or published. Also, without a verdict, if it does not finish.
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
    // For its dead-man switch, and so that no kubelet touches the images during the verification.
    await initializeBuilder(session, powerOffAfterMs('verify', request))
    return awaitVerdict(session, level, request, plan, ports)
  }
  await reporter.group(`Verify ${snapshotId} on a second instance (${level})`, async () => {
    const verdict = await withBuilder('verify', snapshotId, request, plan, ports, signal, check)
    await snapshots.tag(snapshotId, { [tagKeys.verified]: 'passed' in verdict ? level : 'failed' }, signal)
    if ('passed' in verdict) return reporter.info(`Verified: ${verdict.passed}`)
    throw new PrebakeError(`Verify ${snapshotId}: ${verdict.failed}`, {
      code: 'snapshot-verification-failed' satisfies SnapshotErrorCode,
      hint: 'The snapshot is tagged prebake:verified=failed and kept for inspection. Run the build again.',
    })
  })
}

type Verdict = { readonly passed: string } | { readonly failed: string }

/** Polls until the verification has ended; a full one continues in the background between two polls. */
function awaitVerdict(
  session: BuilderSession,
  level: VerifiedLevel,
  request: BuildRequest,
  plan: BuildPlan,
  { reporter }: BuildPorts,
): Promise<Verdict> {
  const scripts = hostScripts()
  const poll = composeCommand('verify.sh', [level, 'recipe'])
  const sendAndPoll = composeCommand('verify.sh', [level, 'recipe'], {
    scripts: { 'lib.sh': scripts['lib.sh'], 'verify.sh': scripts['verify.sh'] },
    inbox: { recipe: `${recipeLines(plan.recipe, request.revision).join('\n')}\n` },
  })
  let sent = false
  let silent = 0
  return waitFor<Verdict>({
    awaited: `the verification on ${session.instanceId}`,
    code: 'snapshot-verification-timeout' satisfies SnapshotErrorCode,
    limitMs: request.timeoutMs,
    everyMs: 1000,
    clock: session.clock,
    signal: session.signal,
    onState: (state) => reporter.progress(state),
    hint: 'Raise `timeout`, or choose `verify: quick`, which reads only the ends of each file.',
    poll: async () => {
      const { succeeded, spoke, lines, error, ending } = await runOnBuilder(session, 'verify', sent ? poll : sendAndPoll)
      // A restarted container has lost everything.
      sent = spoke
      const passed = lines.get('verified')?.at(-1)
      const progress = lines.get('verifying')?.at(-1)
      if (spoke) silent = 0
      if (succeeded && passed !== undefined) return { value: { passed } }
      if (succeeded && progress !== undefined) return { state: `verifying: ${progress}` }
      if (spoke) return { value: { failed: error ?? `the verification failed without a reason (${ending})` } }
      silent += 1
      if (silent >= silentPolls) throw new SilentBuilderError('verify', ending)
      return { state: `no response (${ending})` }
    },
  })
}
