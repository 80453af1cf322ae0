import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import * as core from '@actions/core'
import { asStep } from '@prebake/action-kit/testing'
import { runState, setOutputs } from '../src/index.ts'
import { summaryLimitBytes, writeSummary } from '../src/write-summary.ts'
import { readKeyValueFile } from './read-key-value-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'prebake-runner-'))
const env = Object.fromEntries(['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map((name) => [name, join(folder, name)]))
const read = (name: string) => readFileSync(env[name]!, 'utf8')
beforeEach(() => {
  for (const file of Object.values(env)) writeFileSync(file, '')
})
afterAll(() => rmSync(folder, { recursive: true }))

const inStep = <T>(work: () => T, variables: Readonly<Record<string, string>> = env): T => asStep(variables, work).result()

test('state is in the file when save returns, and post reads it back', () => {
  inStep(() => {
    const state = runState(['runToken', 'instance'])
    state.save({ runToken: 't-1' })
    expect(readKeyValueFile(read('GITHUB_STATE'))).toEqual({ runToken: 't-1' })
    expect(state.read()).toEqual({ runToken: 't-1' })
    state.save({ instance: 'i-1\nbesides' })
  })
  const saved = readKeyValueFile(read('GITHUB_STATE'))
  const later = Object.fromEntries(Object.entries(saved).map(([name, value]) => [`STATE_${name}`, value]))
  const inPost = () => runState(['runToken', 'instance', 'volume'] as const).read()
  expect(inStep(inPost, later)).toEqual({ runToken: 't-1', instance: 'i-1\nbesides' })
})

test('outputs are written as text, and what is undefined is left out', () => {
  const names = ['snapshot-id', 'reused', 'size', 'manifest'] as const
  inStep(() => setOutputs(names, { 'snapshot-id': 'snap-1', reused: false, size: 3 }))
  expect(readKeyValueFile(read('GITHUB_OUTPUT'))).toEqual({ 'snapshot-id': 'snap-1', reused: 'false', size: '3' })
  // @ts-expect-error -- not declared
  inStep(() => setOutputs(names, { 'snapshot-ids': 'x' }))
  expect(read('GITHUB_OUTPUT')).not.toContain('snapshot-ids')
})

test.each(['a<<b', 'x=1\nEOF\nother=2', '', 'ghadelimiter_\nname<<ghadelimiter_'])('the value %j comes back as it was', (value) => {
  inStep(() => setOutputs(['v'], { v: value }))
  expect(readKeyValueFile(read('GITHUB_OUTPUT'))).toEqual({ v: value })
})

test('a file that cannot be written is an error in our words', () => {
  const unwritable = expect.objectContaining({ errorCode: 'runner-file-unwritable' })
  const missing = { GITHUB_OUTPUT: join(folder, 'none'), GITHUB_STATE: join(folder, 'none') }
  expect(() => inStep(() => setOutputs(['v'], { v: 1 }), missing)).toThrow(unwritable)
  expect(() => inStep(() => runState(['v']).save({ v: '1' }), missing)).toThrow(unwritable)
})

const summaryOf = process.env['GITHUB_STEP_SUMMARY']
beforeEach(() => {
  process.env['GITHUB_STEP_SUMMARY'] = env['GITHUB_STEP_SUMMARY']
  core.summary.emptyBuffer()
})
afterEach(() => {
  if (summaryOf === undefined) delete process.env['GITHUB_STEP_SUMMARY']
  else process.env['GITHUB_STEP_SUMMARY'] = summaryOf
})

test('the summary is appended once, with what is already there kept', async () => {
  writeFileSync(env['GITHUB_STEP_SUMMARY']!, 'before\n')
  core.summary.addRaw('# A\n')
  expect(read('GITHUB_STEP_SUMMARY')).toBe('before\n')
  await writeSummary(env)
  await writeSummary(env)
  expect(read('GITHUB_STEP_SUMMARY')).toBe('before\n# A\n')
})

test('too long a summary is cut at a line, with a note', async () => {
  core.summary.addRaw(`${'é'.repeat(99)}\n`).addRaw(`${'ü'.repeat(50)}\n`.repeat(20_000))
  await writeSummary(env)
  const written = read('GITHUB_STEP_SUMMARY')
  expect(Buffer.byteLength(written)).toBeLessThanOrEqual(summaryLimitBytes)
  expect(Buffer.byteLength(written)).toBeGreaterThan(summaryLimitBytes - 200)
  expect(written).toMatch(/ü{50}\n\n_Truncated: a job summary is limited to 1 MiB._\n$/)
})

test('without GITHUB_STEP_SUMMARY there is no summary and no error', async () => {
  core.summary.addRaw('x')
  await writeSummary({})
  expect(read('GITHUB_STEP_SUMMARY')).toBe('')
})
