import { PrebakeError, waitFor } from '@prebake/kernel'
import type { BuildPorts, BuildRequest } from '../build-request.ts'
import type { BuildPlan } from '../resolve-plan.ts'
import { composeCommand } from './compose-command.ts'
import { parseStatus, type BakeStatus } from './parse-answer.ts'
import { recipeLines } from './plan-lines.ts'
import { runOnBuilder, type Line } from './run-on-builder.ts'
import { sendPlan, sourceLines } from './send-sources.ts'

/** Signed addresses live 60 minutes; they are renewed well before (facts B14). */
const renewAfterMs = 45 * 60_000
/** A silent builder is not yet a failed one: a restarted container or a lost agent comes back. */
const silentLooks = 24
const restarts = 5

/** Gives the worker its plan and looks at it until all is there, renewing addresses and resuming a worker that is gone. */
export async function watchWorker(line: Line, publicKey: string, request: BuildRequest, plan: BuildPlan, ports: BuildPorts): Promise<void> {
  const { clock, reporter } = ports
  const { signal } = line
  const everyFile = plan.recipe.files.map((_, index) => index)
  const sendSources = async (indexes: readonly number[]) => sendPlan(line, publicKey, await sourceLines(indexes, plan, ports, signal))
  await sendPlan(line, publicKey, recipeLines(plan.recipe, request.revision))
  await sendSources(everyFile)

  const begun = clock.now().getTime()
  let renewedAt = begun
  let silent = 0
  let resumed = 0
  await waitFor({
    awaited: `the bake on ${line.instanceId}`,
    limitMs: request.timeoutMs,
    everyMs: 5000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    hint: 'Raise `timeout`, or choose an `instance-type` with more network bandwidth.',
    look: async () => {
      const answer = await runOnBuilder(line, 'status', composeCommand('status.sh', []))
      const status = parseStatus(answer)
      if (status === undefined) {
        silent += 1
        if (silent >= silentLooks)
          throw new PrebakeError(`Ask ${line.instanceId} for its status: no answer ${silent} times in a row.`, {
            hint: 'Run the build again.',
          })
        return { state: 'no answer' }
      }
      silent = 0
      if (status.state === 'failed') throw new PrebakeError(`Bake on ${line.instanceId}: ${status.detail}`)
      if (status.state === 'done') return { value: undefined }
      if (status.state === 'gone') {
        resumed += 1
        if (resumed > restarts)
          throw new PrebakeError(`Bake on ${line.instanceId}: its worker ended ${resumed} times without a word.`, {
            hint: 'Run the build again.',
          })
        await sendPlan(line, publicKey, recipeLines(plan.recipe, request.revision).slice(0, 1))
      }
      const age = clock.now().getTime() - renewedAt
      if (age > renewAfterMs) {
        renewedAt = clock.now().getTime()
        await sendSources(everyFile)
      } else if (status.wants.length > 0) await sendSources(status.wants)
      return { state: describe(status) }
    },
  })
  reporter.info(`Baked in ${Math.round((clock.now().getTime() - begun) / 1000)} s`)
}

function describe({ state, bytes, files, images, detail }: BakeStatus): string {
  const percent = bytes.all > 0 ? Math.floor((bytes.done / bytes.all) * 100) : 0
  return `${state}: model ${percent} % (${files.done} of ${files.all} files), images ${images.done} of ${images.all}${detail ? `, ${detail}` : ''}`
}
