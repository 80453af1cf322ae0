import type { Timeline } from '../timeline/timeline.ts'
import { incomparable, newNodes } from './compare.ts'
import { code, seconds, table } from './markdown-table.ts'
import { phaseTable } from './phase-table.ts'
import { podTable } from './pod-table.ts'
import type { Report } from './report.ts'
import { stepTable } from './step-table.ts'

/** Below this many pods, quantiles are no more than the values themselves. */
const smallSample = 20

/** The report for a comment or a summary: verdict, pods, phases; beside them the baseline, where one is given. */
export function renderMarkdown(report: Report, baseline?: Report): string {
  const { deployment, from, to } = report.environment
  return [
    `## Scale-up of ${code(deployment)} from ${from} to ${to}`,
    verdict(report, baseline),
    ...caveats(report),
    overview(report, baseline),
    '### Pods',
    podTable(report.pods),
    '### Phases',
    report.phases.length > 0 ? phaseTable(report, baseline) : 'No pod became Ready: the finished phases of each are in the report.',
    ...stepTable(report),
    footnotes(report),
  ]
    .join('\n\n')
    .concat('\n')
}

function verdict(report: Report, baseline: Report | undefined): string {
  const { firstReadySeconds: first, allReadySeconds: all, podStartupSeconds, environment } = report
  const wanted = environment.to - environment.from
  const ready = report.pods.filter((pod) => pod.ready).length
  const start =
    all === null
      ? `**${ready} of ${wanted} new pods became Ready.**${first === null ? '' : ` The first was Ready ${seconds(first)} after the scale request.`}`
      : wanted === 1
        ? `**The new pod was Ready ${seconds(all)} after the scale request.**`
        : `**All ${wanted} new pods were Ready ${seconds(all)} after the scale request**, the first after ${seconds(first)}.`
  const median = podStartupSeconds === null ? '' : ` A pod took ${seconds(podStartupSeconds)} from its creation (median).`
  return start + median + comparison(report, baseline)
}

function comparison(report: Report, baseline: Report | undefined): string {
  if (baseline === undefined) return ''
  const reason = incomparable(report, baseline)
  if (reason !== undefined) return ` No factor is derived from the baseline: ${reason}.`
  const [mine, other] = [report.allReadySeconds ?? NaN, baseline.allReadySeconds ?? NaN]
  const factor = mine <= other ? `${(other / mine).toFixed(1)} times as fast as` : `${(mine / other).toFixed(1)} times as slow as`
  return ` That is ${factor} the baseline (${seconds(other)}), one run of each.`
}

function caveats({ simulated, pods, environment }: Report): readonly string[] {
  return [
    ...(simulated
      ? [
          `**Simulated${environment.seed ? `, seed ${environment.seed}` : ''}**: the seconds are played by a simulator, not measured on AWS.`,
        ]
      : []),
    ...(pods.length < smallSample
      ? [`One run, new pods: ${pods.length}. So small a sample shows what was seen and promises nothing of the next run.`]
      : []),
  ]
}

function overview(report: Report, baseline: Report | undefined): string {
  const values = (each: Report) => {
    const { environment, pods } = each
    return {
      'first Ready after the scale request': seconds(each.firstReadySeconds),
      'all Ready after the scale request': seconds(each.allReadySeconds),
      'pod, created to Ready (median)': seconds(each.podStartupSeconds),
      'pods on new nodes': `${newNodes(each)} of ${pods.length}`,
      'image was on the node': share(pods.map(({ cacheHit }) => cacheHit)),
      'weights downloaded by': share(pods.map(downloaded)),
      'compile cache hit': share(pods.map(({ compileCache }) => compileCache && compileCache === 'hit')),
      instances: environment.instanceTypes.map(code).join(', ') || 'unknown',
      image: code(environment.image),
      model: environment.model === undefined ? 'unknown' : code(environment.model),
      snapshot: environment.snapshotId === undefined ? 'none given' : code(environment.snapshotId),
    }
  }
  const mine = values(report)
  const other = baseline && values(baseline)
  const rows = (Object.keys(mine) as (keyof typeof mine)[]).map((name) => [name, mine[name], ...(other ? [other[name]] : [])])
  return table(['', 'this run', ...(other ? ['baseline'] : [])], rows, 1)
}

/** Of how many it is true, among those of which it is known. */
function share(values: readonly (boolean | undefined)[]): string {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? 'unknown' : `${known.filter(Boolean).length} of ${known.length}`
}

/** Only a log that tells of the weights tells whether they were downloaded. */
function downloaded({ rows }: Timeline): boolean | undefined {
  const has = (id: string) => rows.some(({ phase }) => phase === id)
  return has('weights.read') || has('weights.download') ? has('weights.download') : undefined
}

function footnotes({ pods }: Report): string {
  const dropped = pods.reduce((sum, pod) => sum + pod.dropped.length, 0)
  const coarsest = Math.max(0, ...pods.flatMap(({ rows }) => rows.map(({ precisionMs }) => precisionMs)))
  return [
    "Each pod's phases add up to its time; the medians of single phases do not.",
    ...(coarsest >= 1000 ? ['Kubernetes stamps conditions in whole seconds: a phase that borders on one may be off by a second.'] : []),
    ...(dropped > 0 ? [`${dropped} stamps contradicted the others and were left out; the report names them.`] : []),
  ].join(' ')
}
