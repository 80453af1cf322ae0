import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildParts } from '../tests/real/cluster/build-parts.ts'
import { isolated } from '../tests/real/isolated.ts'
import { prepareRealParts } from '../tests/real/prepare.ts'

/**
 * Runs a program of this folder, which starts a real control plane, in a network of its own. Each figure is printed as soon as it is known, because a run takes
 * minutes.
 * @throws Error where that cannot be had (not root, no Go): a figure that was not measured is none
 */
export function runIsolated(figure: string, file: string): Promise<readonly string[]> {
  prepareRealParts()
  buildParts()
  const [program, ...args] = [...isolated, process.execPath, join(import.meta.dirname, file)]
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' })
  if (error !== undefined || status !== 0)
    throw new Error(`bench ${figure}: ${error?.message ?? `it ended with ${status}`}. Its words stand above.`)
  return Promise.resolve([])
}
