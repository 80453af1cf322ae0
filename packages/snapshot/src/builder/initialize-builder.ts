import { PrebakeError, waitFor, type Reporter } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import { hostScripts } from '../host-scripts.ts'
import { composeCommand } from './compose-command.ts'
import { parseFields } from './parse-answer.ts'
import { runOnBuilder, silenceHint, SilentBuilderError, type BuilderSession } from './run-on-builder.ts'

/** The admin container is pulled after the agent is online; a restart takes as long. */
const adminLimitMs = 3 * 60_000
/** How often in a row the API server may close the connection. A single time proves nothing. */
const closedLimit = 3
const notPulled = "The instance profile's role must be able to read images from ECR, where the admin container comes from."
const restarting = 'It responded before, so the admin container keeps restarting. Run the build again.'

/** Waits for the admin container and checks every assumption about the machine. @throws PrebakeError with the table of failed assumptions */
export async function probeBuilder(session: BuilderSession, reporter: Reporter): Promise<void> {
  const scripts = hostScripts()
  const command = composeCommand('probe.sh', [], { scripts: { 'lib.sh': scripts['lib.sh'], 'probe.sh': scripts['probe.sh'] } })
  const answer = await untilResponsive(session, 'probe', command, notPulled, (state) => reporter.progress(state))
  const rows = answer.lines.get('probe') ?? []
  if (answer.succeeded) return reporter.info(`Probe: ${rows.length} assumptions hold`)
  throw new PrebakeError(
    `Probe the builder ${session.instanceId}: ${answer.error ?? 'some assumptions failed'}\n${rows.map((row) => `  ${row}`).join('\n')}`,
    {
      code: 'builder-probe-failed' satisfies SnapshotErrorCode,
      hint: 'Please open an issue with this table: Bottlerocket has changed, or the machine image is not Bottlerocket.',
    },
  )
}

/** For self-contained commands: sends one again until the admin container, which may restart at any time, has run it. */
async function untilResponsive(
  session: BuilderSession,
  title: string,
  command: readonly string[],
  hint: string,
  onState?: (state: string) => void,
): ReturnType<typeof runOnBuilder> {
  let closed = 0
  return waitFor({
    awaited: `the admin container of ${session.instanceId}`,
    code: 'builder-container-not-ready' satisfies SnapshotErrorCode,
    limitMs: adminLimitMs,
    everyMs: 5000,
    clock: session.clock,
    signal: session.signal,
    hint,
    ...(onState && { onState }),
    poll: async () => {
      const answer = await runOnBuilder(session, title, command)
      if (answer.spoke) return { value: answer }
      closed = silenceHint(answer.ending) === undefined ? 0 : closed + 1
      if (closed === closedLimit) throw new SilentBuilderError(title, answer.ending)
      return { state: `no script ran for ${title} (${answer.ending})` }
    },
  })
}

/** How to encrypt for the builder. */
export interface BuilderKey {
  /** SPKI in DER, on the curve P-256; the private half never leaves the builder's memory. */
  readonly publicKey: Uint8Array
  /** Whether it can inflate gzip. */
  readonly inflates: boolean
}

/** A builder after its initialization. */
export interface InitializedBuilder {
  readonly key: BuilderKey
  readonly containerdVersion: string
}

/** Sends the scripts, starts the dead-man timer and gets the builder's key. */
export async function initializeBuilder(session: BuilderSession, powerOffAfterMs: number): Promise<InitializedBuilder> {
  const command = composeCommand('init.sh', [String(Math.ceil(powerOffAfterMs / 1000))], { scripts: hostScripts() })
  const answer = await untilResponsive(session, 'init', command, restarting)
  const failed = (reason: string) =>
    new PrebakeError(`Initialize the builder ${session.instanceId}: ${reason}`, {
      code: 'builder-initialization-failed' satisfies SnapshotErrorCode,
      hint: 'Run the build again. If it fails again, open an issue with this message and the Bottlerocket version.',
    })
  if (!answer.succeeded) throw failed(answer.error ?? answer.ending)
  const key = answer.lines.get('key')?.at(-1)
  const { containerd, inflates } = parseFields(answer.lines.get('init')?.at(-1) ?? '')
  if (key === undefined || containerd === undefined) throw failed("its response lacks the key or containerd's version.")
  return { key: { publicKey: Buffer.from(key, 'base64'), inflates: inflates === 'yes' }, containerdVersion: containerd }
}
