import { CancelledError } from '@prebake/kernel'

/**
 * One AbortSignal for SIGINT and SIGTERM. The runner sends SIGINT, after 7.5 s SIGTERM, and after 2.5 s more it kills
 * (`ProcessInvoker.cs`); a second signal changes nothing, as all is already on its way down.
 */
export function cancellation(): AbortSignal {
  const controller = new AbortController()
  const cancel = () => controller.abort(new CancelledError())
  process.on('SIGINT', cancel)
  process.on('SIGTERM', cancel)
  return controller.signal
}
