import { runsOf, type BenchmarkReport } from './benchmark.ts'
import { environmentTable } from './comment/environment-table.ts'
import { firstLine } from './comment/first-line.ts'
import { gantt } from './comment/gantt.ts'
import { headlineLines } from './comment/headline-lines.ts'
import { historyLine } from './comment/history-line.ts'
import { allPhases, phasesThatMatter } from './comment/phase-tables.ts'
import { farOffLine, predictionSection } from './comment/prediction-lines.ts'
import { plain } from './markdown-table.ts'
import { podNotes, podTable } from './pod-table.ts'
import { stepTable } from './step-table.ts'

/**
 * The benchmark for a comment or a summary, in GitHub's markdown: the verdict in the first line; unfolded no more than a screen. `fitComment` drops folded
 * sections from the end where it is too long, so the least important come last.
 */
export function renderComment(benchmark: BenchmarkReport): string {
  const candidate = runsOf(benchmark, 'candidate')
  const pods = candidate.flatMap((run) => run.pods)
  const baselinePods = runsOf(benchmark, 'baseline').flatMap((run) => run.pods)
  const history = historyLine(benchmark)
  return [
    `## ${firstLine(benchmark)}`,
    [...headlineLines(benchmark), farOffLine(benchmark)].filter((line) => line !== '').join('\\\n'),
    ...caveatLines(benchmark),
    ...lines(podNotes(pods)),
    phasesThatMatter(benchmark),
    ...gantt(benchmark),
    ...(history === '' ? [] : [history]),
    ...folded('All phases', allPhases(benchmark)),
    ...prediction(benchmark),
    ...folded(`Pods (${pods.length})`, podTable(pods)),
    ...(baselinePods.length > 0 ? folded(`Pods of the baseline (${baselinePods.length})`, podTable(baselinePods)) : []),
    ...folded('Environment', [environmentTable(benchmark), ...autoscalerHint(benchmark), footnotes(benchmark)].join('\n\n')),
    ...stepTable(pods),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function caveatLines({ simulated, caveats, runs }: BenchmarkReport): readonly string[] {
  const seed = runs[0]?.environment.seed
  const words = [
    ...(simulated
      ? [`**Simulated${seed === undefined ? '' : `, seed ${seed}`}**: the seconds are played by a simulator, not measured on AWS.`]
      : []),
    ...caveats.map(plain),
  ]
  return words.length === 0 ? [] : [words.map((each) => `> ${each}`).join('\\\n')]
}

function prediction({ prediction: held }: BenchmarkReport): readonly string[] {
  if (held === undefined) return []
  const { title, content } = predictionSection(held)
  return folded(title, content)
}

function lines(notes: readonly string[]): readonly string[] {
  return notes.length === 0 ? [] : [notes.join('\n')]
}

function folded(title: string, content: string): readonly string[] {
  return [`<details><summary>${title}</summary>`, content, '</details>']
}

/** What an autoscaler needs to know of the start. */
function autoscalerHint({ candidate, simulated, limit }: BenchmarkReport): readonly string[] {
  if (candidate.p90Seconds === null || limit === undefined || simulated) return []
  const seconds = Math.ceil(candidate.p90Seconds)
  return [
    `For autoscalers: a new replica serves after ${seconds} s (90th percentile of these pods). Scale out that long before the queue is full, and let Karpenter's \`consolidateAfter\` be longer than that, or a node is given back and waited for again.`,
  ]
}

function footnotes({ runs }: BenchmarkReport): string {
  const coarse = runs.some(({ pods }) => pods.some(({ rows }) => rows.some(({ precisionMs }) => precisionMs >= 1000)))
  return [
    'Each pod’s phases add up to its time; medians and means of single phases do not.',
    ...(coarse ? ['Kubernetes stamps conditions in whole seconds: a phase that borders on one may be off by a second.'] : []),
    'Noise is half of the interval that holds the difference of two measurements of the same thing in 99 of 100 cases (Student’s t); for single phases the hundredth is shared among them.',
  ].join(' ')
}
