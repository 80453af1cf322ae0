import { timings } from '../../timings.ts'
import { jittered, type Cloud, type Machine } from '../cloud.ts'
import type { Command, CommandStatus } from '../store.ts'

/** A real shell does not run faster because the simulation does: it gets at least so much of real time, in milliseconds. */
const leastRealMs = 20_000

/** The agent's exit code for a command that it had to stop (128 + SIGKILL). */
const stoppedExitCode = 137

/** Runs a command in its instance's sandbox and keeps what came of it. An instance that goes away leaves its command `InProgress`. */
export function runCommand(cloud: Cloud, command: Command): void {
  deliver(cloud, command).catch((error: unknown) => {
    if (cloud.closed || !cloud.machines.get(command.instanceId)?.agentOnline) return
    process.stderr.write(`simulator: command ${command.commandId}: ${String((error as Error)?.stack ?? error)}\n`)
  })
}

async function deliver(cloud: Cloud, command: Command): Promise<void> {
  await cloud.clock.sleep(jittered(cloud, timings.commandStart))
  const machine = cloud.machines.get(command.instanceId)
  if (cloud.closed || command.status !== 'Pending' || !machine?.agentOnline) return
  command.status = command.statusDetails = 'InProgress'
  command.startedAt = cloud.clock.now()
  const result = await execute(cloud, command, machine)
  // Cancelled meanwhile, or the instance went away: the agent reports no more.
  if (command.endedAt !== undefined || !machine.agentOnline) return
  command.stdout = result.output
  if (result.timedOut) return end(cloud, command, 'TimedOut', 'ExecutionTimedOut', stoppedExitCode)
  if (result.exitCode !== 0) command.stderr = `failed to run commands: exit status ${result.exitCode}`
  const status = result.exitCode === 0 ? 'Success' : 'Failed'
  end(cloud, command, status, status, result.exitCode)
}

async function execute(cloud: Cloud, command: Command, machine: Machine) {
  const line = (command.parameters['commands'] ?? []).join('\n')
  if (/\bapiclient\s+exec\b.*\badmin\b/.test(line) && !machine.adminReady) {
    return { exitCode: 1, output: "Failed to open exec: Container 'admin' not running\n", timedOut: false }
  }
  const sandbox = await machine.sandbox
  if (sandbox === undefined) throw new Error('the instance has no sandbox any more')
  return sandbox.run(line, { timeoutMs: Math.max(leastRealMs, cloud.clock.realMs(command.executionTimeout)) })
}

/** Puts a command into one of its last states. */
export function end(cloud: Cloud, command: Command, status: CommandStatus, details: string, exitCode: number): void {
  command.status = status
  command.statusDetails = details
  command.exitCode = exitCode
  command.endedAt = cloud.clock.now()
}
