import { expect, test } from '@jest/globals'
import { historyEntry } from '../src/compare/history.ts'
import { buildBenchmark, type BenchmarkOptions } from '../src/report/build-benchmark.ts'
import { renderComment } from '../src/report/render-comment.ts'
import type { Report } from '../src/report/report.ts'
import { drawReport, fromRegistry, type Drawing } from './drawn-report.ts'

const run = (arm: 'candidate' | 'baseline', number: number, drawing: Drawing = {}) =>
  drawReport({ seed: number * 2 + (arm === 'baseline' ? 1 : 0), ...drawing, run: { arm, number, ...drawing.run } })
const comment = (runs: readonly Report[], more: Partial<BenchmarkOptions> = {}) =>
  renderComment(buildBenchmark(runs, { createdAt: new Date('2026-11-30T12:00:00Z'), thresholdShare: 0.1, ...more }))
const inTurn = (ours: Drawing, theirs: Drawing) =>
  [1, 2].flatMap((number) => [run('candidate', number, ours), run('baseline', number, theirs)])
const history = Array.from({ length: 8 }, (_, index) => historyEntry(drawReport({ seed: 20 + index }), {})!)

/** What is there before anything is opened. */
function unfolded(markdown: string): readonly string[] {
  return markdown
    .replaceAll(/<details>.*?<\/details>/gs, '')
    .replaceAll(/```mermaid.*?```/gs, 'chart')
    .split('\n')
    .filter((line) => line !== '')
}

test('the first line says the verdict, its noise and how many pods lie beyond it', () => {
  const [first] = comment(inTurn({}, { phases: fromRegistry })).split('\n')
  expect(first).toMatch(/^## Scale-up of `vllm` from 1 to 5: 7\d s faster ± \d\.\d s, beyond noise in 8 of 8 pods$/)
})

test('the same, slower, inconclusive and nothing to compare with, each in the first line', () => {
  const first = (markdown: string) => markdown.split('\n')[0]?.replace(/.*?: /, '')
  expect(first(comment(inTurn({}, {})))).toMatch(/^the same \([+−][\d.]+ s ± [\d.]+ s\)$/)
  expect(first(comment(inTurn({ phases: fromRegistry }, {})))).toMatch(/^7\d s slower ± \d/)
  expect(first(comment([run('candidate', 1, { pods: 1, phases: fromRegistry }), run('baseline', 1, { pods: 1 })]))).toMatch(
    /^inconclusive: nothing was repeated, so the noise is unknown$/,
  )
  expect(first(comment([run('candidate', 1)]))).toMatch(/^first token after \d\d s, nothing to compare with$/)
})

test('first token, limit, phases that changed, chart, history: no more than a screen before anything is opened', () => {
  const markdown = comment(inTurn({}, { phases: fromRegistry }), { history })
  const shown = unfolded(markdown)
  expect(shown.length).toBeLessThanOrEqual(20)
  expect(shown[1]).toMatch(/^\*\*First token \d\d\.\d s after the scale request\*\*/)
  expect(shown.join('\n')).toContain('**What limits it**: `ec2.boot`')
  const rows = shown.filter((line) => line.startsWith('| `')).map((line) => line.split('`')[1])
  expect(new Set(rows)).toEqual(new Set(['image', 'weights.download']))
  expect(shown.find((line) => line.startsWith('Default branch, 8 runs'))).toMatch(/`[▁-█]{8}`/)
})

test('the chart is Mermaid’s, with few pods of each arm', () => {
  const chart = /```mermaid\n(.*?)\n```/s.exec(comment(inTurn({ pods: 40 }, { pods: 40 })))?.[1] ?? ''
  expect(chart.match(/^ {2}section .*$/gm)).toHaveLength(6)
  for (const line of chart
    .split('\n')
    .slice(7)
    .filter((each) => !each.startsWith('  section')))
    expect(line).toMatch(/^ {2}[a-z, ]+ :(active, |crit, )?\d+, \d+$/)
})

test('five hundred pods fit, with the verdict and without a cut', () => {
  const markdown = comment(inTurn({ pods: 500 }, { pods: 500 }))
  expect(markdown.length).toBeLessThan(65_536)
  expect(markdown).toContain('more pods, which were Ready earlier, are in the report.')
})

test('what a pod, an autoscaler or a server wrote formats, mentions and links nothing', () => {
  const evil = '<img src=x> @org/team [x](y) https://evil.test www.evil.test `code` *b*\n# h | c'
  const change = (report: Report): Report => ({
    ...report,
    run: { ...report.run!, disturbed: evil },
    pods: report.pods.map((pod) => ({ ...pod, pod: evil, firstToken: { notMeasured: evil } })),
  })
  const outsideOfCode = comment([run('candidate', 1, { change }), run('baseline', 1)]).replaceAll(/```.*?```|`[^`\n]*`/gs, '')
  expect(outsideOfCode).not.toMatch(/<img|@org|\[x\]|https:\/\/evil|www\.evil|\*b\*|^# h/m)
})

test('simulated seconds are never shown as measured ones', () => {
  const simulated = { change: (report: Report) => ({ ...report, simulated: true }) }
  const markdown = comment(inTurn(simulated, { ...simulated, phases: fromRegistry }))
  expect(markdown.split('\n')[0]).toMatch(/\(simulated\)$/)
  expect(markdown).toContain('played by a simulator, not measured on AWS')
  expect(markdown).not.toContain('For autoscalers')
})
