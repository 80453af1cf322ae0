import type { Cluster } from '../../../../packages/rollout/src/index.ts'

export interface Disturbance {
  readonly before?: () => Promise<void>
  readonly after?: () => Promise<void>
}

/** The cluster, where a disturbance has its moment: before or after a document of this kind is applied for the first time. */
export function disturbed(cluster: Cluster, kind: string, { before, after }: Disturbance): Cluster {
  let done = false
  return {
    ...cluster,
    async apply(document, options, signal) {
      // A NodePool is applied twice, with its hold and without.
      const isMoment = document.kind === kind && !options.dryRun && !done
      if (isMoment) done = true
      if (isMoment) await before?.()
      const applied = await cluster.apply(document, options, signal)
      if (isMoment) await after?.()
      return applied
    },
  }
}
