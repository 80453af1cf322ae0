import { InputError } from '@prebake/kernel'
import { readRecord } from '@prebake/snapshot-record'
import type { PlanErrorCode } from './error-codes.ts'
import type { PlanInputs } from './inputs.ts'

/** An unpacked image beside its compressed layers, which are kept too (docs/planning.md). */
const storedPerImageGB = 1 + 2.1

/**
 * Size of the weights in 10⁹ bytes: as given, or what a snapshot stores less its image.
 * @throws InputError naming `snapshot-id` or `model-gb`
 */
export async function findModelSize(
  given: Pick<PlanInputs, 'modelGb' | 'snapshotId' | 'imageGb' | 'awsRegion'>,
  signal: AbortSignal,
): Promise<number> {
  const { modelGb, snapshotId, imageGb, awsRegion } = given
  if (modelGb !== undefined || snapshotId === undefined) return Number(modelGb)
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
  if (modelGB > 0) return modelGB
  const remedy = 'Give the size of the weights in GB.'
  throw problem(
    'plan-size-missing',
    'model-gb',
    `${snapshotId} stores ${storedGB.toFixed(1)} GB, which leaves nothing for weights beside an image of ${imageGb} GB.`,
    remedy,
  )
}
