import { accountId } from '../account.ts'
import { AwsError } from '../aws-error.ts'
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
  const page = pageOf(parameters, filterBy(parameters, [...of(cloud).values()], valuesOf), { least: 1, most: 200 })
  return { fastSnapshotRestoreSet: list(page.items, present), nextToken: page.nextToken }
}

/** What cannot be turned stands in the answer, which is no error (EC2 API reference, "DisableFastSnapshotRestores"). At most ten snapshots. */
function turn(cloud: Cloud, parameters: QueryParameters, state: Restore['state']): XmlContent {
  const zones = texts(parameters, 'AvailabilityZone')
  const ids = texts(parameters, 'SourceSnapshotId')
  if (ids.length > 10) throw new AwsError('InvalidParameterValue', 'You can specify at most 10 snapshots.')
  const key = (snapshotId: string, zone: string) => `${snapshotId} ${zone}`
  const isOn = (snapshotId: string, zone: string) => of(cloud).get(key(snapshotId, zone))?.state === 'enabling'
  const asked = ids.flatMap((id) => zones.map((zone) => ({ snapshotId: findSnapshot(cloud, id).snapshotId, zone })))
  const able = asked.filter(({ snapshotId, zone }) => isOn(snapshotId, zone) === (state === 'disabled'))
  const turned = able.map(({ snapshotId, zone }): Restore => ({ snapshotId, availabilityZone: zone, since: cloud.clock.now(), state }))
  for (const restore of turned) of(cloud).set(key(restore.snapshotId, restore.availabilityZone), restore)
  const refused = ids.flatMap((snapshotId) => {
    const errors = asked.filter((each) => each.snapshotId === snapshotId && !able.includes(each))
    return errors.length === 0 ? [] : [{ snapshotId, errors }]
  })
  return {
    successful: list(turned, present),
    unsuccessful: list(refused, ({ snapshotId, errors }) => ({
      snapshotId,
      fastSnapshotRestoreStateErrorSet: list(errors, ({ zone }) => ({
        availabilityZone: zone,
        error: {
          code: 'IncorrectState',
          message: `Fast snapshot restore is ${state === 'disabled' ? 'not ' : 'already '}enabled in ${zone}`,
        },
      })),
    })),
  }
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
