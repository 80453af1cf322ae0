import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { commentLimit, fitComment } from '../src/github/fit-comment.ts'

const section = (name: string, size: number) => `<details><summary>${name}</summary>\n${'x'.repeat(size)}\n</details>`
const note = '_Truncated to fit into a comment. The full text is in the job summary._'

test('what fits stays as it is, up to the last character', () => {
  const text = 'x'.repeat(commentLimit)
  expect(fitComment(text)).toBe(text)
  expect(fitComment(`${text}x`)).not.toBe(text)
})

test('sections go from the end, only as many as it takes', () => {
  const text = ['# Title', section('a', 30_000), section('b', 30_000), section('c', 30_000), 'last words'].join('\n\n')
  const fitted = fitComment(text)
  expect(fitted.replaceAll(/xx+/g, '')).toBe(
    `# Title\n\n<details><summary>a</summary>\n\n</details>\n\n<details><summary>b</summary>\n\n</details>\n\n\n\nlast words\n\n${note}`,
  )
})

test('where several go, what stands between them stays', () => {
  const text = ['# Title', section('a', 70_000), 'between', section('b', 70_000), 'last words'].join('\n\n')
  expect(fitComment(text)).toBe(`# Title\n\n\n\nbetween\n\n\n\nlast words\n\n${note}`)
})

test('a section goes with the ones inside of it', () => {
  const nested = `<DETAILS open>\n${section('inner', 70_000)}\nouter\n</details>`
  expect(fitComment(`# Title\n\n${nested}\n\nend`)).toBe(`# Title\n\n\n\nend\n\n${note}`)
})

test('a section that is not closed is no section', () => {
  const fitted = fitComment(`# Title\n\n<details>\n${'line\n'.repeat(20_000)}`)
  expect(fitted).toMatch(/^# Title\n\n<details>\nline\n/)
  expect(fitted.endsWith(`line\n\n${note}`)).toBe(true)
})

test('text that is too long without sections is cut at a line’s end, and one endless line between two characters', () => {
  const lines = fitComment('0123456789\n'.repeat(10_000))
  expect(lines.slice(0, -note.length - 2)).toMatch(/^(0123456789\n)+0123456789$/)
  const endless = fitComment(`<!-- m -->\n${'🐳'.repeat(40_000)}`)
  expect(endless).toMatch(/^<!-- m -->\n🐳+\n\n_Truncated/u)
  expect(endless.length).toBeGreaterThan(65_000)
})

test('the last line links to the run', () => {
  expect(fitComment('x'.repeat(70_000), 'https://github.com/acme/models/actions/runs/1')).toMatch(
    /x\n\n_Truncated .* is in the \[job summary\]\(https:\/\/github\.com\/acme\/models\/actions\/runs\/1\)\._$/,
  )
})

test('whatever the text, it fits, and keeps its first line', () => {
  const part = fc.oneof(
    fc.tuple(fc.constantFrom('<details>', '</details>', '\n', '🐳', 'word '), fc.integer({ min: 1, max: 12_000 })),
    fc.tuple(fc.constant('<details>\nlog\n</details>\n'), fc.integer({ min: 1, max: 4_000 })),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const fitted = fitComment(`<!-- m -->\n${parts.map(([text, times]) => text.repeat(times)).join('')}`)
      expect(fitted.length).toBeLessThanOrEqual(commentLimit)
      expect(fitted.startsWith('<!-- m -->\n')).toBe(true)
      expect(fitted.isWellFormed()).toBe(true)
    }),
    { numRuns: 60 },
  )
})
