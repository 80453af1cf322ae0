import { expect, test } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { createAsker } from '../src/screen/ask.ts'
import { asWatch, inWords } from '../src/screen/durations.ts'
import { liveTerminal } from '../src/screen/live-terminal.ts'
import { phasedReporter } from '../src/screen/phased-reporter.ts'

function stream(isTTY: boolean, columns = 60) {
  const written: string[] = []
  return { isTTY, columns, written, write: (text: string) => written.push(text) }
}

test('without a TTY there is no live line and no escape sequence', () => {
  const out = stream(false)
  const terminal = liveTerminal(out)
  terminal.status('baking')
  terminal.write('one\n')
  terminal.status(undefined)
  expect(out.written).toEqual(['one\n'])
})

test('at a TTY the live line stays below what is written, and is never longer than the screen', () => {
  const out = stream(true, 20)
  const terminal = liveTerminal(out)
  terminal.status('[2/4] Bake the snapshot 1:23, about 20 min left')
  terminal.write('Launched i-1\n')
  terminal.status(undefined)
  const screen = out.written.join('')
  expect(screen).toBe('[2/4] Bake the sna…\r\u001b[2KLaunched i-1\n[2/4] Bake the sna…\r\u001b[2K')
})

test('what remains is the rest of this phase and all of the later ones', async () => {
  const out = stream(false)
  let now = 0
  const clock = { now: () => new Date(now), sleep: () => Promise.resolve() }
  const phases = [
    { title: 'Bake', expectedSeconds: 1500 },
    { title: 'Roll out', expectedSeconds: 300 },
  ]
  const reporter = phasedReporter(liveTerminal(out), phases, { clock, env: {} })
  const { seconds } = await reporter.phase('Bake', async () => {
    reporter.progress('running')
    now = 600_000
    reporter.progress('running')
    now = 1_600_000
    reporter.progress('running')
    return Promise.resolve()
  })
  expect(seconds).toBe(1600)
  const lines = out.written.join('').split('\n').filter(Boolean)
  expect(lines).toEqual([
    '[1/2] Bake: about 30 min left',
    'running (about 30 min left)',
    'running (about 20 min left)',
    'running (longer than usual, then about 5 min)',
  ])
})

test('durations in words', () => {
  expect([7, 59, 60, 754, 3900].map(inWords)).toEqual(['7 s', '59 s', '1 min', '13 min', '1 h 05 min'])
  expect([7, 754].map(asWatch)).toEqual(['0:07', '12:34'])
})

/** A terminal on which this is typed. */
function typing(text: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const output = Object.assign(new PassThrough(), { isTTY: true })
  input.write(text)
  const streams = { input: input as never, output: output as never }
  return createAsker({ ...streams, yes: false }, new AbortController().signal)
}

test('anything but y is a no', async () => {
  await expect(typing('y\n').confirm('Go on?')).resolves.toBeUndefined()
  await expect(typing('\n').confirm('Go on?')).rejects.toMatchObject({ errorCode: 'not-confirmed' })
})

test('an empty answer is the suggestion, and where there is none it is asked again', async () => {
  await expect(typing('\n').answer({ name: 'model', text: 'Model', suggestion: 'a/b' })).resolves.toBe('a/b')
  await expect(typing('\nnode\n').answer({ name: 'role', text: 'Role' })).resolves.toBe('node')
})
