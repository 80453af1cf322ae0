import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { jobSummary, runState, setOutputs } from '../src/index.ts'
import { summaryLimitBytes } from '../src/job-summary.ts'
import { readKeyValueFile } from './read-key-value-file.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function runnerFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-runner-'))
  folders.push(folder)
  const env: Record<string, string> = {}
  for (const name of ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY']) {
    env[name] = join(folder, name)
    writeFileSync(env[name], '')
  }
  return { env, read: (name: string) => readFileSync(env[name]!, 'utf8') }
}

test('state is in the file when save returns, and post reads it back', () => {
  const { env, read } = runnerFiles()
  const state = runState(['runToken', 'instance'], env)
  state.save({ runToken: 't-1' })
  expect(readKeyValueFile(read('GITHUB_STATE'))).toEqual({ runToken: 't-1' })
  expect(state.read()).toEqual({ runToken: 't-1' })

  state.save({ instance: 'i-1\nbesides' })
  const saved = readKeyValueFile(read('GITHUB_STATE'))
  const later = Object.fromEntries(Object.entries(saved).map(([name, value]) => [`STATE_${name}`, value]))
  expect(runState(['runToken', 'instance', 'volume'] as const, later).read()).toEqual({ runToken: 't-1', instance: 'i-1\nbesides' })
})

test('outputs are written as text, and what is undefined is left out', () => {
  const { env, read } = runnerFiles()
  const names = ['snapshot-id', 'reused', 'size', 'manifest'] as const
  setOutputs(names, { 'snapshot-id': 'snap-1', reused: false, size: 3 }, env)
  expect(readKeyValueFile(read('GITHUB_OUTPUT'))).toEqual({ 'snapshot-id': 'snap-1', reused: 'false', size: '3' })
  // @ts-expect-error -- not declared
  setOutputs(names, { 'snapshot-ids': 'x' }, env)
  expect(read('GITHUB_OUTPUT')).not.toContain('snapshot-ids')
})

test.each(['a<<b', 'x=1\nEOF\nother=2', '', 'ghadelimiter_\nname<<ghadelimiter_'])('the value %j comes back as it was', (value) => {
  const { env, read } = runnerFiles()
  setOutputs(['v'], { v: value }, env)
  expect(readKeyValueFile(read('GITHUB_OUTPUT'))).toEqual({ v: value })
})

test('without its file an output is an error that says where it must run', () => {
  expect(() => setOutputs(['v'], { v: 1 }, {})).toThrow('Write to GITHUB_OUTPUT: the variable is not set.')
})

test('the summary is appended once, with what is already there kept', () => {
  const { env, read } = runnerFiles()
  writeFileSync(env['GITHUB_STEP_SUMMARY']!, 'before\n')
  const summary = jobSummary(env)
  summary.add('# A')
  summary.add('b\n')
  expect(read('GITHUB_STEP_SUMMARY')).toBe('before\n')
  summary.write()
  summary.write()
  expect(read('GITHUB_STEP_SUMMARY')).toBe('before\n# A\n\nb\n')
})

test('too long a summary is cut at a line, with a note', () => {
  const { env, read } = runnerFiles()
  const summary = jobSummary(env)
  summary.add('é'.repeat(99) + '\n')
  summary.add(`${'ü'.repeat(50)}\n`.repeat(20_000))
  summary.write()
  const written = read('GITHUB_STEP_SUMMARY')
  expect(Buffer.byteLength(written)).toBeLessThanOrEqual(summaryLimitBytes)
  expect(Buffer.byteLength(written)).toBeGreaterThan(summaryLimitBytes - 200)
  expect(written).toMatch(/ü{50}\n\n_The rest was cut: a job summary holds 1 MiB._\n$/)
})

test('without GITHUB_STEP_SUMMARY there is no summary and no error', () => {
  const summary = jobSummary({})
  summary.add('x')
  expect(() => summary.write()).not.toThrow()
})
