import type { Instance } from './store.ts'

/** Starts what an instance does by itself. What goes wrong there is a fault of the simulator, and must not pass unseen. */
export function inBackground(instance: Instance, work: () => Promise<void> | void): void {
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      process.stderr.write(`simulator: ${instance.instanceId}: ${String((error as Error)?.stack ?? error)}\n`)
    })
}
