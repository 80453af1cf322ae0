import { tmpdir } from 'node:os'
import { judgeGround, lookAtGround } from '../tests/real/node/check-ground.ts'
import { removeCgroups } from '../tests/real/node/machine/cgroups.ts'
import { runIsolated } from './run-isolated.ts'

/** Starts of the real vLLM on the nodes of `test:real node`, by what their volumes have. Needs what that suite needs, and half an hour. */
export async function starts(): Promise<readonly string[]> {
  const lacking = judgeGround(lookAtGround(tmpdir()))
  if (lacking.length > 0) throw new Error(lacking.join('\n'))
  try {
    return await runIsolated('starts', 'starts/measure.ts')
  } finally {
    removeCgroups()
  }
}
