import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

test('the generated parts of the documentation are up to date', () => {
  const { stderr, status } = spawnSync(process.execPath, [join(import.meta.dirname, '../readme.ts'), '--check'], { encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
})
