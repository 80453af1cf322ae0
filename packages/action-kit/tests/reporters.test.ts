import { expect, test } from '@jest/globals'
import { actionsReporter, terminalReporter } from '../src/index.ts'

function steppingClock(stepMs: number) {
  let now = 0
  return { now: () => new Date((now += stepMs)), sleep: () => Promise.resolve() }
}

test('the Actions reporter writes groups, annotations and each progress once', async () => {
  const lines: string[] = []
  const summary: string[] = []
  const reporter = actionsReporter({ add: (markdown) => summary.push(markdown) }, (line) => lines.push(line))
  const result = await reporter.group('Bake 50%', async () => {
    reporter.info('one\n::error::two')
    for (const state of ['pending', 'pending', 'running', 'pending']) reporter.progress(state)
    return 7
  })
  reporter.notice('a\nb')
  reporter.warning('c')
  reporter.summary('# S')
  expect(result).toBe(7)
  expect(lines.join('')).toBe(
    '::group::Bake 50%25\none\n:\u200b:error::two\npending\nrunning\npending\n::endgroup::\n::notice::a%0Ab\n::warning::c\n',
  )
  expect(summary).toEqual(['# S'])
})

test('a group that fails is closed', async () => {
  const lines: string[] = []
  const reporter = actionsReporter({ add() {} }, (line) => lines.push(line))
  await expect(reporter.group('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(lines).toEqual(['::group::a\n', '::endgroup::\n'])
})

async function tellAtTerminal(isTTY: boolean, env: Record<string, string>): Promise<string> {
  let told = ''
  const reporter = terminalReporter({ isTTY, write: (text) => (told += text) }, steppingClock(35_000), env)
  await reporter.group('Bake', async () => {
    reporter.info('::a')
    reporter.progress('1 of 2')
    reporter.progress('1 of 2')
  })
  await reporter.group('Seal', () => Promise.reject(new Error('no'))).catch(() => {})
  reporter.warning('w')
  reporter.summary('# S\n')
  return told
}

test('the terminal reporter tells the same without commands, with the time that passed', async () => {
  expect(await tellAtTerminal(false, {})).toBe(
    'Bake\n  ::a\n     35 s  1 of 2\n  done in 1 m 10 s\nSeal\n  failed after 35 s\nWarning: w\n\n# S\n\n',
  )
})

test('colour only at a terminal that wants it', async () => {
  const plain = await tellAtTerminal(false, {})
  expect(await tellAtTerminal(true, { NO_COLOR: '1' })).toBe(plain)
  const coloured = await tellAtTerminal(true, {})
  expect(coloured).toContain('\u001b[33mWarning: w\u001b[39m')
  // oxlint-disable-next-line no-control-regex -- escape sequences are the matter
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
})
