import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { venv } from '../prepare.ts'
import { buildAct } from './build-act.ts'

const root = join(import.meta.dirname, '../../..')

function run(program: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' })
  return { status, words: `${stdout}${stderr}` }
}

test('zizmor finds nothing in its pedantic mood', () => {
  const { status, words } = run(join(venv, 'bin/zizmor'), ['--offline', '--no-progress', '--persona', 'pedantic', '.github'])
  expect(status === 0 ? '' : words).toBe('')
})

// Newer than the one of `pnpm test`, and still older than these.
const newer = ['unexpected key "(queue|deployment)" for', 'property "workflow_(repository|sha)" is not defined']

test('actionlint 1.7.7 finds nothing', () => {
  const ignored = newer.flatMap((form) => ['-ignore', form])
  const { status, words } = run(buildAct('actionlint'), [
    '-shellcheck=',
    '-pyflakes=',
    ...ignored,
    ...globSync('.github/workflows/*.yml', { cwd: root }),
  ])
  expect(status === 0 ? '' : words).toBe('')
})
