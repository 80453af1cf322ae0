import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { asStep } from '@prebake/action-kit/testing'
import { readPaused, savePaused } from '../src/paused-node-pools.ts'

const folder = mkdtempSync(join(tmpdir(), 'prebake-paused-'))
afterAll(() => rmSync(folder, { recursive: true }))

const document = { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: 'vllm' } }
/** What `post` reads where `main` has left this text; undefined: no file. */
function readBack(text: string | undefined) {
  const file = join(folder, 'paused.json')
  rmSync(file, { force: true })
  if (text !== undefined) writeFileSync(file, text)
  return () => asStep({ STATE_paused: file }, readPaused).result()
}

test('what main saves is what post reads', () => {
  const saved = asStep({ RUNNER_TEMP: folder }, () => savePaused({ run: 'run-1', documents: [document] }, { RUNNER_TEMP: folder }))
  saved.result()
  const file = join(folder, 'prebake-paused-run-1.json')
  expect(asStep({ STATE_paused: file }, readPaused).result()).toEqual({ run: 'run-1', documents: [document] })
})

test('nothing was paused, or nothing is any more', () => {
  expect(asStep({}, readPaused).result()).toBeUndefined()
  expect(readBack(JSON.stringify({ run: 'run-1', documents: [] }))()).toBeUndefined()
})

test.each([
  ['is gone', undefined],
  ['was cut when the runner was killed', '{"run":"run-1","docum'],
  ['is empty', ''],
  ['says something else', '[]'],
])('a record that %s: the error says what may still be paused, and how to end it', (_title, text) => {
  expect(readBack(text)).toThrow(
    expect.objectContaining({
      errorCode: 'paused-record-unreadable',
      message: expect.stringContaining('NodePools'),
      hint: expect.stringContaining('prebake.dev/held'),
    }),
  )
})
