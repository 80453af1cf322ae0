import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { hostScripts, scriptVersion } from '../src/host-scripts.ts'

/** Of the scripts that write to the data volume, without their comments. */
const reviewed = { scriptVersion: 2, sha256: '476638b0392477e81ca5ed2967cc52ecb5a56f83a948989821db0626e6d3504a' }

test('a change of the scripts is a decision about scriptVersion', () => {
  const { 'lib.sh': lib, 'work.sh': work, 'fetch.sh': fetch, 'seal.sh': seal } = hostScripts()
  const code = [lib, work, fetch, seal].join('\n').replaceAll(/^\s*#.*\n/gm, '')
  const sha256 = createHash('sha256').update(code).digest('hex')
  // Does a snapshot from the changed scripts differ from one that was baked before? If so, raise scriptVersion. Then put both here.
  expect({ scriptVersion, sha256 }).toEqual(reviewed)
})
