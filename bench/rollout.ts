import { runIsolated } from './run-isolated.ts'

/** A rollout on a real control plane, beside kubectl. */
export function rollout(): Promise<readonly string[]> {
  return runIsolated('rollout', 'rollout/measure.ts')
}
