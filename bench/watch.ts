import { runIsolated } from './run-isolated.ts'

/** The processor's time for watching 500 pods on a real API server, beside kubectl. */
export function watch(): Promise<readonly string[]> {
  return runIsolated('watch', 'watch/measure.ts')
}
