import type { Report } from './report.ts'

/**
 * Why no factor is derived from two reports; undefined where one may be. A factor needs the same question asked of the same machines:
 * what runs on them may differ, that is what is compared.
 */
export function incomparable(report: Report, baseline: Report): string | undefined {
  const [mine, other] = [report.environment, baseline.environment]
  if (report.simulated || baseline.simulated) return 'the seconds are simulated'
  if (mine.from !== other.from || mine.to !== other.to) return `the baseline went from ${other.from} to ${other.to}`
  if (mine.instanceTypes.join() !== other.instanceTypes.join())
    return `the baseline ran on ${other.instanceTypes.join(', ') || 'unknown instances'}`
  if (newNodes(report) !== newNodes(baseline))
    return `${newNodes(baseline)} of the baseline's pods came on new nodes, here ${newNodes(report)}`
  if (report.allReadySeconds === null || baseline.allReadySeconds === null) return 'not all pods became Ready'
  return undefined
}

/** How many pods came on nodes that were launched for them. */
export function newNodes({ pods }: Report): number {
  return pods.filter(({ newNode }) => newNode).length
}
