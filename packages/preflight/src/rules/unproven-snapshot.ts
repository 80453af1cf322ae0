import { flaw } from '../finding.ts'
import { describedVolumes } from '../subject/node-classes.ts'
import { rule, type Rule } from './rule.ts'

export const anotherSnapshot = 'Use the snapshot of a build that succeeded (build-snapshot with `rebuild: true` makes a new one).'

/** Snapshots about which nothing, or nothing good, is known. */
export const unprovenSnapshot: readonly Rule[] = [
  rule({
    id: 'snapshot-unverified',
    severity: 'error',
    about: 'No second instance has checked the snapshot, or one has found a fault in it.',
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume) => {
      const { snapshotId, baked } = volume.snapshot
      if (baked === undefined || baked.verified === 'quick' || baked.verified === 'full') return undefined
      if (baked.verified === 'failed')
        return flaw(volume, 'ebs.snapshotID', `${snapshotId} did not pass its check on a second instance.`, anotherSnapshot)
      const fix = 'Build it with `verify: quick`, or tag it `prebake:verified=quick` yourself if you have checked what is on it.'
      return flaw(volume, 'ebs.snapshotID', `${snapshotId} was never checked on a second instance.`, fix)
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
      return flaw(volume, 'ebs.snapshotID', `${snapshotId} was rejected by a rollout that failed (${baked.rejected}).`, anotherSnapshot)
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
