import { expect, test } from '@jest/globals'
import { systemClock, type PrebakeError } from '@prebake/kernel'
import { initializeBuilder } from '../../src/builder/initialize-builder.ts'
import type { BuilderSession } from '../../src/builder/run-on-builder.ts'
import type { CommandState } from '../../src/ports/builders.ts'

/** A builder on which every command ends so. */
function openLine(ended: Partial<CommandState>): { readonly session: BuilderSession; readonly sent: () => number } {
  let sent = 0
  const state: CommandState = { status: 'Failed', statusDetails: 'Failed', exitCode: 1, stdout: '', stderr: '', ...ended }
  const builders: Partial<BuilderSession['builders']> = {
    send: async () => `command-${++sent}`,
    getCommand: async () => state,
  }
  const session = {
    instanceId: 'i-1',
    builders: builders as BuilderSession['builders'],
    clock: systemClock(1000),
    signal: AbortSignal.timeout(20_000),
  }
  return { session, sent: () => sent }
}

const agent = 'failed to run commands: exit status 1'

test('a request that the API server hangs up on is named as that, and is not sent for ever', async () => {
  const { session, sent } = openLine({ stderr: `[WARN] Didn't receive a return code or signal; unsure what happened\n${agent}` })
  const error = await initializeBuilder(session, 60_000).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ errorCode: 'builder-silent' })
  expect((error as PrebakeError).message).toContain("Didn't receive a return code or signal")
  expect((error as PrebakeError).hint).toContain('closed the connection')
  expect((error as PrebakeError).hint).not.toContain('Run the build again')
  expect(sent()).toBe(3)
})

test('a container that does not come is waited for, and the error has its words instead of the agent’s', async () => {
  const { session, sent } = openLine({ stdout: "Failed to open exec: Container 'admin' not running\n", stderr: agent })
  const error = await initializeBuilder(session, 60_000).catch((reason: unknown) => reason)
  expect(error).toMatchObject({
    errorCode: 'builder-container-not-ready',
    message: expect.stringContaining("Container 'admin' not running"),
  })
  expect(sent()).toBeGreaterThan(10)
})

test.each([
  ['a command that SSM cannot deliver', { statusDetails: 'Undeliverable' }, 'builder-ended'],
  ['a script that fails', { stdout: 'prebake:error no space left' }, 'builder-initialization-failed'],
])('%s', async (_, ended, errorCode) => {
  const { session } = openLine(ended)
  const builders = { ...session.builders, get: async () => stopped }
  await expect(initializeBuilder({ ...session, builders }, 60_000)).rejects.toMatchObject({ errorCode })
})

const stopped = { instanceId: 'i-1', state: 'stopped', reason: undefined, launchedAt: new Date(0), tags: {} } as const
