import { accountId } from '../account.ts'
import type { Cloud } from '../cloud.ts'
import { texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf } from './select.ts'
import { findSnapshot } from './snapshots.ts'
import { date, list, type XmlContent } from './xml.ts'

interface Restore {
  readonly snapshotId: string
  readonly availabilityZone: string
  readonly since: Date
  readonly state: 'enabling' | 'disabled'
}

/** By account; a restore stays `enabling`, since what follows takes an hour per TiB. */
const restores = new WeakMap<Cloud, Map<string, Restore>>()

const of = (cloud: Cloud): Map<string, Restore> => {
  const known = restores.get(cloud) ?? new Map<string, Restore>()
  restores.set(cloud, known)
  return known
}

export const enableFastSnapshotRestores = (cloud: Cloud, parameters: QueryParameters): XmlContent => turn(cloud, parameters, 'enabling')
export const disableFastSnapshotRestores = (cloud: Cloud, parameters: QueryParameters): XmlContent => turn(cloud, parameters, 'disabled')

/** Only what was turned on once is listed. */
export function describeFastSnapshotRestores(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const valuesOf = ({ snapshotId, availabilityZone, state }: Restore) => ({
    'snapshot-id': [snapshotId],
    'availability-zone': [availabilityZone],
    state: [state],
    'owner-id': [accountId],
  })
  const page = pageOf(parameters, filterBy(parameters, [...of(cloud).values()], valuesOf))
  return { fastSnapshotRestoreSet: list(page.items, present), nextToken: page.nextToken }
}

function turn(cloud: Cloud, parameters: QueryParameters, state: Restore['state']): XmlContent {
  const zones = texts(parameters, 'AvailabilityZone')
  const turned = texts(parameters, 'SourceSnapshotId').flatMap((id) =>
    zones.map((availabilityZone): Restore => ({
      snapshotId: findSnapshot(cloud, id).snapshotId,
      availabilityZone,
      since: cloud.clock.now(),
      state,
    })),
  )
  for (const restore of turned) of(cloud).set(`${restore.snapshotId} ${restore.availabilityZone}`, restore)
  return { successful: list(turned, present), unsuccessful: list([], () => '') }
}

function present({ snapshotId, availabilityZone, since, state }: Restore): XmlContent {
  return {
    snapshotId,
    availabilityZone,
    state,
    stateTransitionReason: 'Client.UserInitiated',
    ownerId: accountId,
    [state === 'enabling' ? 'enablingTime' : 'disabledTime']: date(since),
  }
}
