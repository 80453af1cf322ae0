import { buildParts } from '../cluster/build-parts.ts'
import { buildContainerd } from './build-containerd.ts'
import { buildServed } from './build-image.ts'

/** Everything that the suite `node` is made of, built before it starts, since it reaches no registry. */
buildServed()
buildContainerd()
buildParts()
