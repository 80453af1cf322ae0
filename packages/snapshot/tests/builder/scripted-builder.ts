import type { Reporter } from '@prebake/kernel'
import type { BuilderSession } from '../../src/builder/run-on-builder.ts'
import type { Builders, CommandState } from '../../src/ports/builders.ts'
import { instance, signal, steppingClock } from '../memory-account.ts'

const publicKey =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeFsKGH9ZAxvRsxgPdFeCZzKaOFr2peJOfLuLwzRQ5ocWivcQjhXd9/M5XDiNy7HS6f0qkj19psljTzlHFnF7Aw=='

/** What each script prints, unless a test says otherwise. */
const healthy: Readonly<Record<string, string>> = {
  probe: 'prebake:probe ok bash 5.2',
  init: `prebake:key ${publicKey}\nprebake:init containerd=2.3.1 bottlerocket=1.69.0 inflates=yes`,
  start: 'prebake:started',
  status: 'prebake:status state=running files=0/1 bytes=0/9 images=0/1 wants=- kubelet=inactive detail=',
  verify: 'prebake:verifying files=1/9',
}

export const silentReporter = Object.fromEntries(
  ['info', 'progress', 'notice', 'warning', 'debug', 'summary'].map((name) => [name, () => undefined]),
) as unknown as Reporter
const reporter: Reporter = { ...silentReporter, group: (_title, work) => work() }

/**
 * A builder that SSM reaches and whose scripts print what a test gives, on a clock that only waits move.
 * @param prints by the script's name; a line `prebake:error` or `FAIL` lets the script fail
 */
export function scriptedBuilder(prints: Readonly<Record<string, string>> = {}, own: Partial<Builders> = {}) {
  const clock = steppingClock()
  const outputs = new Map<string, string>()
  const builders: Partial<Builders> = {
    launch: async () => instance('i-1'),
    get: async () => instance('i-1'),
    isOnline: async () => true,
    find: async () => [],
    terminate: async () => undefined,
    send: async (_instanceId, line) => {
      const script = /'run (\w+)\.sh/.exec(line)?.[1]
      const id = `command-${outputs.size + 1}`
      outputs.set(id, script === undefined ? 'prebake:received' : (prints[script] ?? healthy[script] ?? ''))
      return id
    },
    getCommand: async (_instanceId, id) => ended(outputs.get(id) ?? ''),
    ...own,
  }
  const session: BuilderSession = { instanceId: 'i-1', builders: builders as Builders, clock, signal }
  return { session, ports: { builders: builders as Builders, clock, reporter } }
}

function ended(stdout: string): CommandState {
  const failed = /^prebake:(error|probe FAIL)/m.test(stdout)
  const status = failed ? 'Failed' : 'Success'
  return { status, statusDetails: status, exitCode: failed ? 1 : 0, stdout, stderr: '' }
}
