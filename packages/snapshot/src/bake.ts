import { isYounger } from './await-others.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { composeCommand } from './builder/compose-command.ts'
import { initializeBuilder, probeBuilder } from './builder/initialize-builder.ts'
import { parseFields } from './builder/parse-answer.ts'
import { requireOnBuilder, SilentBuilderError, type BuilderSession } from './builder/run-on-builder.ts'
import { stopBuilder } from './builder/stop-builder.ts'
import { watchWorker } from './builder/watch-worker.ts'
import { powerOffAfterMs, withBuilder } from './builder/with-builder.ts'
import { createSnapshotOnce } from './create-snapshot-once.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import { requireBuilderPermissions } from './require-permissions.ts'
import type { BuildPlan } from './resolve-plan.ts'
import { snapshotTags } from './tags.ts'

/** The detached second half of `seal` starts after 10 s and needs a few more (facts A8). */
const sealSettleMs = 20_000

/** Launches a builder, bakes, seals, stops it and takes the snapshot. Terminates the builder as soon as EBS has accepted the request. */
export async function bake(
  request: BuildRequest,
  plan: BuildPlan,
  ports: BuildPorts,
  signal: AbortSignal,
): Promise<SnapshotRecord | 'yielded'> {
  const { builders, clock, reporter } = ports
  const bakeOn = async (session: BuilderSession): ReturnType<typeof bake> => {
    if (!request.rebuild && (await isYounger(session.instanceId, request, plan, ports, signal))) {
      reporter.info('A concurrent run started the same build first; waiting for its result.')
      return 'yielded'
    }
    await probeBuilder(session, reporter)
    const initialized = await initializeBuilder(session, powerOffAfterMs('bake', request))
    const tags = snapshotTags(request, plan, initialized.containerdVersion)
    const volumeId = await builders.dataVolume(session.instanceId, signal)
    await requireBuilderPermissions(session.instanceId, volumeId, tags, ports, signal)
    await watchWorker(session, initialized.key, request, plan, ports)
    const sealed = await seal(session, () => watchWorker(session, undefined, request, plan, ports))
    reporter.info(`Sealed: ${sealed['files']} files and ${sealed['images']} images, ${sealed['free-percent']} % of the volume free`)
    await clock.sleep(sealSettleMs, signal)
    await stopBuilder(session, reporter)
    const snapshot = await createSnapshotOnce(volumeId, `prebake ${plan.recipe.model}@${plan.recipe.commit}`, tags, ports, signal)
    reporter.info(`Snapshot ${snapshot.snapshotId} of ${volumeId} started`)
    return snapshot
  }
  return reporter.group('Bake on a builder', () => withBuilder('bake', undefined, request, plan, ports, signal, bakeOn))
}

/** @param again sends everything again to a builder whose container has restarted; it resumes from the content of its volume */
async function seal(session: BuilderSession, again: () => Promise<void>): Promise<Readonly<Record<string, string>>> {
  for (let tries = 1; ; tries++) {
    try {
      const answer = await requireOnBuilder(session, 'seal', composeCommand('seal.sh', []))
      return parseFields(answer.lines.get('sealed')?.at(-1) ?? '')
    } catch (error) {
      if (!(error instanceof SilentBuilderError) || tries === 3) throw error
      await again()
    }
  }
}
