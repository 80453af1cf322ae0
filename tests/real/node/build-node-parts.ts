import { tmpdir } from 'node:os'
import { buildParts } from '../cluster/build-parts.ts'
import { buildContainerd } from './build-containerd.ts'
import { buildServed } from './build-image.ts'
import { judgeGround, lookAtGround } from './check-ground.ts'

/** Everything that the suite `node` is made of, built before it starts, since it reaches no registry. */
const missing = judgeGround(lookAtGround(tmpdir()))
if (missing.length > 0) {
  for (const line of missing) console.error(line)
  process.exit(1)
}
buildServed()
buildContainerd()
buildParts()
