import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { hostScripts, scriptVersion } from '../src/host-scripts.ts'

/** Of the scripts that write to the data volume, without their comments. */
const reviewed = { scriptVersion: 2, sha256: '2a40266a5dab6e41a2cf6f12ecbbd8b3a6b89438a8c550d7be8b2ba665c21915' }

test('a change of the scripts is a decision about scriptVersion', () => {
  const { 'lib.sh': lib, 'work.sh': work, 'fetch.sh': fetch, 'complete.sh': complete, 'seal.sh': seal } = hostScripts()
  const code = [lib, work, fetch, complete, seal].join('\n').replaceAll(/^\s*#.*\n/gm, '')
  const sha256 = createHash('sha256').update(code).digest('hex')
  // Does a snapshot from the changed scripts differ from one that was baked before? If so, raise scriptVersion. Then put both here.
  expect({ scriptVersion, sha256 }).toEqual(reviewed)
})
