import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { asStep } from '@prebake/action-kit/testing'
import type { RolloutRecord } from '@prebake/rollout'
import { readRecord, rolloutJournal } from '../src/rollout-record.ts'

const folder = mkdtempSync(join(tmpdir(), 'prebake-record-'))
afterAll(() => rmSync(folder, { recursive: true }))

const planned = (kind: string, more: object = {}): RolloutRecord['planned'][number] => {
  const document = { apiVersion: 'v1', kind, metadata: { name: 'vllm' }, ...more }
  return { manifest: { document, file: 'vllm.yaml', line: 1 }, before: document, after: document, changes: true }
}
const record = {
  run: 'run-1',
  rollback: true,
  force: false,
  planned: [planned('NodePool'), planned('Secret', { data: { token: 'eA==' } })],
}
const file = join(folder, 'prebake-rollout-run-1.json')
const save = () => asStep({ RUNNER_TEMP: folder }, () => rolloutJournal({ RUNNER_TEMP: folder }).save(record)).result()

/** What `post` reads where `main` has left this text; undefined: no file. */
function readBack(text: string | undefined) {
  const left = join(folder, 'left.json')
  rmSync(left, { force: true })
  if (text !== undefined) writeFileSync(left, text)
  return () => asStep({ STATE_record: left }, readRecord).result()
}

test('what main saves is what post reads, readable for this user only, without Secrets', () => {
  save()
  expect(asStep({ STATE_record: file }, readRecord).result()).toEqual({ ...record, planned: [record.planned[0]] })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain('eA==')
})

test('nothing was begun, or nothing is left to be done', () => {
  expect(asStep({}, readRecord).result()).toBeUndefined()
  expect(asStep({ STATE_record: '' }, readRecord).result()).toBeUndefined()
})

test.each([
  ['is gone', undefined],
  ['was cut when the runner was killed', '{"run":"run-1","docum'],
  ['is empty', ''],
  ['says something else', '{}'],
])('a record that %s: the error says what may still be paused, and how to end it', (_title, text) => {
  expect(readBack(text)).toThrow(
    expect.objectContaining({ errorCode: 'rollout-record-unreadable', hint: expect.stringContaining('prebake.dev/held') }),
  )
})
