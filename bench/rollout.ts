import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildParts } from '../tests/real/cluster/build-parts.ts'
import { isolated } from '../tests/real/isolated.ts'
import { prepareRealParts } from '../tests/real/prepare.ts'

/**
 * A rollout on a real control plane, beside kubectl, in a network of its own.
 * @throws Error where that cannot be had (not root, no Go): a figure that was not measured is none
 */
export function rollout(): Promise<readonly string[]> {
  prepareRealParts()
  buildParts()
  const [program, ...args] = [...isolated, process.execPath, join(import.meta.dirname, 'rollout/measure.ts')]
  // Each figure is printed as soon as it is known, because the whole run takes minutes.
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' })
  if (error !== undefined || status !== 0)
    throw new Error(`bench rollout: ${error?.message ?? `it ended with ${status}`}. Its words stand above.`)
  return Promise.resolve([])
}
