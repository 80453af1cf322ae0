import { flaw } from '../finding.ts'
import { describedVolumes } from '../subject/node-classes.ts'
import { rule, type Rule } from './rule.ts'

export const anotherSnapshot = 'Use the snapshot of a build that succeeded (build-snapshot with `rebuild: true` makes a new one).'

/** Snapshots about which nothing, or nothing good, is known. */
export const unprovenSnapshot: readonly Rule[] = [
  rule({
    id: 'snapshot-check-failed',
    severity: 'error',
    about: 'A second instance has checked the snapshot and found a fault in it.',
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume) => {
      const { snapshotId, baked } = volume.snapshot
      if (baked?.verified !== 'failed') return undefined
      return flaw(volume, 'ebs.snapshotID', `${snapshotId} did not pass its check on a second instance.`, anotherSnapshot)
    },
  }),
  rule({
    id: 'snapshot-rejected',
    severity: 'error',
    about: 'An earlier rollout of the snapshot failed and rejected it.',
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume) => {
      const { snapshotId, baked } = volume.snapshot
      if (baked?.rejected === undefined) return undefined
      const problem = `${snapshotId} was rejected by a rollout that failed (${baked.rejected}).`
      const fix = `${anotherSnapshot} If the snapshot was not the cause, take the rejection back with \`clear-rejection: true\`.`
      return flaw(volume, 'ebs.snapshotID', problem, fix)
    },
  }),
  rule({
    id: 'snapshot-unverified',
    severity: 'warning',
    about: 'No second instance has checked the snapshot.',
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume) => {
      const { snapshotId, baked } = volume.snapshot
      if (baked === undefined || baked.verified !== undefined) return undefined
      const problem = `${snapshotId} was never checked on a second instance.`
      return flaw(volume, 'ebs.snapshotID', problem, 'Build it with `verify: quick`.')
    },
  }),
  rule({
    id: 'snapshot-without-record',
    severity: 'warning',
    about: 'The snapshot has no tags of prebake, so nothing is known about its content.',
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume) => {
      const { snapshotId, baked } = volume.snapshot
      if (baked !== undefined) return undefined
      const problem = `${snapshotId} was not made by build-snapshot: its image, model, architecture and checks are unknown.`
      return flaw(volume, 'ebs.snapshotID', problem, 'Build it with build-snapshot, or make sure of these yourself.')
    },
  }),
]
