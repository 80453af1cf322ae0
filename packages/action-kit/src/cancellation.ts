import { CancelledError } from '@prebake/kernel'

/**
 * One AbortSignal for SIGINT and SIGTERM. The runner sends SIGINT, 7.5 s later SIGTERM, and 2.5 s after that kills the process
 * (`ProcessInvoker.cs`). A second signal changes nothing, because everything is already stopping.
 */
export function cancellation(): AbortSignal {
  const controller = new AbortController()
  const cancel = () => controller.abort(new CancelledError())
  process.on('SIGINT', cancel)
  process.on('SIGTERM', cancel)
  return controller.signal
}
