import { systemClock } from '@prebake/kernel'
import { networkTransport, request } from '../src/index.ts'

/**
 * A process of its own, whose environment counts from its start: asks for the address in its first argument, for as long as the second one says in
 * milliseconds, and prints what came of it as JSON.
 */
const outcome = await request(new URL(process.argv[2] ?? ''), {
  transport: networkTransport(),
  clock: systemClock(10_000),
  signal: AbortSignal.timeout(20_000),
  operation: 'Asking',
  limitMs: Number(process.argv[3] ?? 60_000),
}).then(
  ({ status, body }) => ({ status, text: new TextDecoder().decode(body) }),
  ({ name, message, hint, code, transient }) => ({ name, message, hint, code, transient }),
)
console.log(JSON.stringify(outcome))
// As an action does: a proxy that keeps silent holds its connection, and with it the process, for the pool's 15 s.
process.exit()
