import { systemClock } from '@prebake/kernel'
import { networkTransport, request } from '../src/index.ts'

/**
 * A separate process, because Node reads these variables at its start. Requests the address in the first argument, with the second one as limit in
 * milliseconds, and prints the outcome as JSON.
 */
const outcome = await request(new URL(process.argv[2] ?? ''), {
  transport: networkTransport(),
  clock: systemClock(10_000),
  signal: AbortSignal.timeout(20_000),
  operation: 'Asking',
  limitMs: Number(process.argv[3] ?? 60_000),
}).then(
  ({ status, body }) => ({ status, text: new TextDecoder().decode(body) }),
  ({ name, message, hint, errorCode, transient }) => ({ name, message, hint, errorCode, transient }),
)
console.log(JSON.stringify(outcome))
// As an action does: a silent proxy keeps the connection, and so the process, open for the pool's 15 s.
process.exit()
