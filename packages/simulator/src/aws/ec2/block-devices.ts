import { kmsKeyArn } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import { dataDevice, rootDevice, type MachineImage } from '../images.ts'
import { findSnapshot, snapshotState } from './snapshots.ts'
import { flag, integer, structure, structures, text, type QueryParameters } from './query-parameters.ts'

/** A volume that a launch will make. */
export interface VolumePlan {
  readonly deviceName: string
  readonly sizeGiB: number
  readonly volumeType: string
  readonly iops: number | undefined
  /** MiB/s. */
  readonly throughput: number | undefined
  readonly snapshotId: string | undefined
  /** MiB/s. */
  readonly initializationRate: number | undefined
  readonly encrypted: boolean
  readonly kmsKeyId: string | undefined
  readonly deleteOnTermination: boolean
}

/**
 * The image's own devices with what `BlockDeviceMapping.n` says about each, and those that it adds.
 * @throws AwsError InvalidBlockDeviceMapping, InvalidParameterValue, InvalidSnapshot.NotFound, IncorrectState.
 */
export function planVolumes(cloud: Cloud, parameters: QueryParameters, image: MachineImage): readonly VolumePlan[] {
  const asked = new Map<string, QueryParameters>()
  for (const mapping of structures(parameters, 'BlockDeviceMapping')) {
    const name = text(mapping, 'DeviceName')
    if (name === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter deviceName')
    if (asked.has(name)) throw new AwsError('InvalidBlockDeviceMapping', `${name} is listed more than once in the block device mapping`)
    asked.set(name, structure(mapping, 'Ebs') ?? {})
  }
  const defaults = new Map([
    [rootDevice.name as string, { sizeGiB: rootDevice.sizeGiB as number, snapshotId: image.rootSnapshotId }],
    [dataDevice.name as string, { sizeGiB: dataDevice.sizeGiB as number, snapshotId: undefined }],
  ])
  return [...new Set([...defaults.keys(), ...asked.keys()])].map((name) =>
    planVolume(cloud, name, asked.get(name) ?? {}, defaults.get(name)),
  )
}

function planVolume(
  cloud: Cloud,
  deviceName: string,
  ebs: QueryParameters,
  byImage: { readonly sizeGiB: number; readonly snapshotId: string | undefined } | undefined,
): VolumePlan {
  const snapshot = text(ebs, 'SnapshotId') === undefined ? undefined : completedSnapshot(cloud, text(ebs, 'SnapshotId') ?? '')
  const least = snapshot?.volumeSizeGiB ?? (byImage?.snapshotId ? byImage.sizeGiB : 1)
  const sizeGiB = integer(ebs, 'VolumeSize') ?? snapshot?.volumeSizeGiB ?? byImage?.sizeGiB
  if (sizeGiB === undefined)
    throw new AwsError('InvalidBlockDeviceMapping', `Either snapshot ID or volume size must be provided for: ${deviceName}`)
  const snapshotId = snapshot?.snapshotId ?? byImage?.snapshotId
  if (sizeGiB < least) {
    throw new AwsError(
      'InvalidBlockDeviceMapping',
      `Volume of size ${sizeGiB}GB is smaller than snapshot '${snapshotId ?? ''}', expect size >= ${least}GB`,
    )
  }
  const volumeType = text(ebs, 'VolumeType') ?? 'gp2'
  const initializationRate = integer(ebs, 'VolumeInitializationRate')
  if (initializationRate !== undefined) {
    if (snapshotId === undefined)
      throw new AwsError('InvalidParameterCombination', 'VolumeInitializationRate can only be specified with a snapshot.')
    within('VolumeInitializationRate', initializationRate, 100, 300)
  }
  const kmsKeyId = text(ebs, 'KmsKeyId')
  const encrypted = snapshot?.encrypted === true || flag(ebs, 'Encrypted') === true
  if (kmsKeyId !== undefined && !encrypted)
    throw new AwsError('InvalidParameterDependency', 'The parameter KmsKeyId requires the parameter Encrypted to be set.')
  return {
    deviceName,
    sizeGiB,
    volumeType,
    ...performance(ebs, volumeType, sizeGiB),
    snapshotId,
    initializationRate,
    encrypted,
    kmsKeyId: encrypted ? (kmsKeyId ?? snapshot?.kmsKeyId ?? kmsKeyArn) : undefined,
    deleteOnTermination: flag(ebs, 'DeleteOnTermination') ?? byImage !== undefined,
  }
}

/** gp3's limits (EBS user guide, "General Purpose SSD volumes"): 3,000 to 80,000 IOPS and 500 per GiB; 125 to 2,000 MiB/s and 0.25 per IOPS. */
function performance(ebs: QueryParameters, volumeType: string, sizeGiB: number): Pick<VolumePlan, 'iops' | 'throughput'> {
  const askedThroughput = integer(ebs, 'Throughput')
  if (volumeType !== 'gp3') {
    if (askedThroughput !== undefined)
      throw new AwsError('InvalidParameterCombination', `The parameter throughput is not supported for ${volumeType} volumes.`)
    return { iops: integer(ebs, 'Iops') ?? Math.max(100, sizeGiB * 3), throughput: undefined }
  }
  const iops = integer(ebs, 'Iops') ?? 3000
  const throughput = askedThroughput ?? 125
  within('Iops', iops, 3000, 80_000)
  within('Throughput', throughput, 125, 2000)
  if (iops > Math.max(3000, 500 * sizeGiB)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Iops to volume size ratio of ${(iops / sizeGiB).toFixed(6)} is too high; maximum is 500 iops per GiB`,
    )
  }
  const ratio = throughput / iops
  if (ratio > 0.25) {
    throw new AwsError(
      'InvalidParameterValue',
      `Throughput (MiBps) to iops ratio of ${ratio.toFixed(6)} is too high; maximum is 0.250000 MiBps per iops`,
    )
  }
  return { iops, throughput }
}

function within(name: string, value: number, least: number, most: number): void {
  if (value < least || value > most) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${value}) for parameter ${name} is invalid. It must be between ${least} and ${most}.`,
    )
  }
}

function completedSnapshot(cloud: Cloud, snapshotId: string) {
  const snapshot = findSnapshot(cloud, snapshotId)
  if (snapshotState(snapshot, cloud.clock.now()).state !== 'completed')
    throw new AwsError('IncorrectState', `Snapshot '${snapshotId}' is not 'completed'.`)
  return snapshot
}
