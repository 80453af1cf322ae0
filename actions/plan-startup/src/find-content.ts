import { InputError } from '@prebake/kernel'
import { readRecord } from '@prebake/snapshot-record'
import type { Bake } from '@prebake/planner'
import type { PlanErrorCode } from './error-codes.ts'
import type { PlanInputs } from './inputs.ts'
import { storedPerImageGB } from './setup-of.ts'

export interface SnapshotContent {
  /** Of the weights, in 10⁹ bytes. */
  readonly modelGB: number
  readonly bake: Bake
  /** When the snapshot was begun; left out without one. */
  readonly startedAt?: Date
}

/**
 * What is planned for: the size of the weights as given, with `bake` as wanted; or what a snapshot that is there holds.
 * @throws InputError naming `snapshot-id` or `model-gb`
 */
export async function findContent(
  given: Pick<PlanInputs, 'modelGb' | 'snapshotId' | 'imageGb' | 'awsRegion' | 'bake'>,
  signal: AbortSignal,
): Promise<SnapshotContent & { readonly isBaked: boolean }> {
  const { modelGb, snapshotId, bake } = given
  if (modelGb !== undefined || snapshotId === undefined) return { modelGB: Number(modelGb), bake, isBaked: false }
  return { ...(await findSnapshotContent({ ...given, snapshotId }, signal)), isBaked: true }
}

/**
 * What a snapshot holds, by its tags and by what EBS says it stores.
 * @throws InputError naming `snapshot-id` or `model-gb`
 */
export async function findSnapshotContent(
  { snapshotId, imageGb, awsRegion }: Pick<PlanInputs, 'imageGb' | 'awsRegion'> & { readonly snapshotId: string },
  signal: AbortSignal,
): Promise<SnapshotContent> {
  const { connectAws } = await import('@prebake/aws')
  const { ownResources, region } = await connectAws({ region: awsRegion ?? '' })
  const found = (await ownResources.snapshots(signal)).find((snapshot) => snapshot.snapshotId === snapshotId)
  const problem = (code: PlanErrorCode, input: string, wrong: string, remedy: string) => new InputError([{ code, input, wrong, remedy }])
  if (found === undefined)
    throw problem(
      'plan-snapshot-missing',
      'snapshot-id',
      `prebake has no snapshot ${snapshotId} in ${region} in this account.`,
      'Check the ID, `aws-region` and the role.',
    )
  const hasImage = (readRecord(found.tags)?.images.length ?? 0) > 0
  const storedGB = ((found.storedGiB ?? 0) * 2 ** 30) / 1e9
  const modelGB = storedGB - (hasImage ? Number(imageGb) * storedPerImageGB : 0)
  if (modelGB > 0) return { modelGB, bake: hasImage ? 'both' : 'model', startedAt: found.startedAt }
  const remedy = 'Give the size of the weights in GB.'
  throw problem(
    'plan-size-missing',
    'model-gb',
    `${snapshotId} stores ${storedGB.toFixed(1)} GB, which leaves nothing for weights beside an image of ${imageGb} GB.`,
    remedy,
  )
}
