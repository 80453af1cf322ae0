import type { Report } from './report.ts'

/**
 * Why no factor is derived from two reports; undefined where one may be. A factor needs the same question asked of the same machines:
 * what runs on them may differ, that is what is compared.
 */
export function incomparable(report: Report, control: Report): string | undefined {
  const [mine, other] = [report.environment, control.environment]
  if (report.simulated || control.simulated) return 'the seconds are simulated'
  if (mine.from !== other.from || mine.to !== other.to) return `the control went from ${other.from} to ${other.to}`
  if (mine.instanceTypes.join() !== other.instanceTypes.join())
    return `the control ran on ${other.instanceTypes.join(', ') || 'unknown instances'}`
  if (newNodes(report) !== newNodes(control))
    return `${newNodes(control)} of the control's pods came on new nodes, here ${newNodes(report)}`
  if (report.allReadySeconds === null || control.allReadySeconds === null) return 'not all pods became Ready'
  return undefined
}

/** How many pods came on nodes that were launched for them. */
export function newNodes({ pods }: Report): number {
  return pods.filter(({ newNode }) => newNode).length
}
