import { PrebakeError, TimeoutError, waitFor } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { BuildPorts, BuildRequest } from '../build-request.ts'
import type { BuildPlan } from '../resolve-plan.ts'
import { composeCommand } from './compose-command.ts'
import { initializeBuilder, type BuilderKey } from './initialize-builder.ts'
import { parseStatus, type BakeStatus } from './parse-answer.ts'
import { loginLines, recipeLines } from './plan-lines.ts'
import { LostCommandError, requireRunning, runOnBuilder, SilentBuilderError, type BuilderSession } from './run-on-builder.ts'
import { describePieces, sendPlan, sourcesOf } from './send-sources.ts'
import { powerOffAfterMs } from './with-builder.ts'

/** Signed addresses are valid for 60 minutes; they are renewed well before (facts B14). */
const renewAfterMs = 45 * 60_000
/** A silent builder has not failed yet: a container or an agent may be restarting. */
const silentPolls = 24
const restarts = 5

/**
 * Sends the worker its plan and polls it until everything is baked. Renews addresses and resumes a worker that has exited.
 * @param builderKey undefined if the builder may have lost its memory: it is then initialized again, and everything is sent again
 */
export async function watchWorker(
  session: BuilderSession,
  builderKey: BuilderKey | undefined,
  request: BuildRequest,
  plan: BuildPlan,
  ports: BuildPorts,
): Promise<void> {
  const { clock, reporter } = ports
  const everyFile = plan.recipe.files.map((_, index) => index)
  const startedAt = clock.now().getTime()
  let key = builderKey
  let sent = false
  let renewedAt = startedAt
  let silent = 0
  let resumed = 0

  const sendLines = async (lines: readonly string[]) => {
    if (key !== undefined) await sendPlan(session, key, { lines, pieces: [] })
  }
  const sendSources = async (indexes: readonly number[], choice?: { readonly addressesOnly: boolean }) => {
    if (key === undefined) return
    const sources = await sourcesOf(indexes, key, plan, ports, session.signal, choice)
    if (sources.pieces.length > 0) reporter.info(describePieces(sources))
    await sendPlan(session, key, sources)
  }
  const sendAll = async () => {
    key ??= (await initializeBuilder(session, powerOffAfterMs('bake', request))).key
    // Logins first: the worker starts to pull with the first part.
    await sendLines([...loginLines(plan.recipe, request.registryLogins), ...recipeLines(plan.recipe, request.revision)])
    await sendSources(everyFile)
    renewedAt = clock.now().getTime()
    sent = true
  }
  const pollOnce = async () => {
    if (!sent) await sendAll()
    const answer = await runOnBuilder(session, 'status', composeCommand('status.sh', []))
    const status = parseStatus(answer)
    if (status === undefined) throw new SilentBuilderError('status', answer.ending)
    silent = 0
    if (status.state === 'failed') return { failure: status.detail }
    // It removes images that no pod uses (facts B5).
    if (['active', 'activating'].includes(status.kubelet)) return { failure: `the kubelet is ${status.kubelet} although it was masked.` }
    if (status.state === 'done') return { value: undefined }
    if (status.state === 'gone') {
      resumed += 1
      if (resumed > restarts) return { failure: `its worker exited ${resumed} times without an error message.` }
      await sendLines(recipeLines(plan.recipe, request.revision).slice(0, 1))
    }
    if (clock.now().getTime() - renewedAt > renewAfterMs) {
      renewedAt = clock.now().getTime()
      await sendSources(everyFile, { addressesOnly: true })
    } else if (status.wants.length > 0) await sendSources(status.wants)
    return { state: describe(status) }
  }

  await waitFor({
    awaited: `the bake on ${session.instanceId}`,
    code: 'bake-timeout' satisfies SnapshotErrorCode,
    limitMs: request.timeoutMs,
    everyMs: 5000,
    clock,
    signal: session.signal,
    onState: (state) => reporter.progress(state),
    hint: 'If it was still working, raise `timeout` or choose an `instance-type` with more network bandwidth. If it did not respond, run the build again.',
    poll: async () => {
      try {
        const seen = await pollOnce()
        if ('failure' in seen) {
          throw new PrebakeError(`Bake on ${session.instanceId}: ${seen.failure}`, {
            code: 'bake-failed' satisfies SnapshotErrorCode,
            hint: 'Fix the cause, if it is one of yours, then run the build again.',
          })
        }
        return seen
      } catch (error) {
        // These errors are about the connection, not about the bake.
        if (!(error instanceof SilentBuilderError || error instanceof LostCommandError || error instanceof TimeoutError)) throw error
        await requireRunning(session)
        silent += 1
        if (silent >= silentPolls)
          throw new PrebakeError(
            `Poll the bake on ${session.instanceId}: no response to ${silent} requests in a row. Last: ${error.message}`,
            {
              code: 'builder-silent' satisfies SnapshotErrorCode,
              hint: 'Run the build again.',
            },
          )
        // The script did not run: a restarted container has no scripts, key or plan.
        if (error instanceof SilentBuilderError) [key, sent] = [undefined, false]
        return { state: `no response (${error.message})` }
      }
    },
  })
  reporter.info(`Baked in ${Math.round((clock.now().getTime() - startedAt) / 1000)} s`)
}

function describe({ state, bytes, files, images, detail }: BakeStatus): string {
  const percent = bytes.all > 0 ? Math.floor((bytes.done / bytes.all) * 100) : 0
  return `${state}: model ${percent} % (${files.done} of ${files.all} files), images ${images.done} of ${images.all}${detail ? `, ${detail}` : ''}`
}
