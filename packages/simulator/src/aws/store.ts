import type { Architecture } from './images.ts'

export type Tags = Readonly<Record<string, string>>

export type InstanceStateName = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped'

export interface Device {
  readonly deviceName: string
  readonly volumeId: string
  readonly deleteOnTermination: boolean
}

export interface Instance {
  readonly instanceId: string
  readonly reservationId: string
  readonly clientToken: string | undefined
  readonly imageId: string
  readonly bottlerocketVersion: string
  readonly containerdVersion: string
  readonly instanceType: string
  readonly architecture: Architecture
  readonly subnetId: string
  readonly availabilityZone: string
  readonly securityGroupIds: readonly string[]
  readonly instanceProfileArn: string | undefined
  readonly privateAddress: string
  readonly publicAddress: string | undefined
  /** Decoded. */
  readonly userData: string
  readonly shutdownBehavior: 'stop' | 'terminate'
  readonly launchTime: Date
  tags: Tags
  devices: readonly Device[]
  state: InstanceStateName
  stateReason: { readonly code: string; readonly message: string } | undefined
  /** `User initiated (2026-11-24 19:00:00 GMT)`, or empty. */
  transitionReason: string
}

export interface Volume {
  readonly volumeId: string
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
  readonly availabilityZone: string
  readonly createTime: Date
  tags: Tags
  /** The instance that it is, or was, attached to. */
  readonly instanceId: string
  readonly deviceName: string
  readonly deleteOnTermination: boolean
  attached: boolean
}

export interface Snapshot {
  readonly snapshotId: string
  readonly volumeId: string
  readonly volumeSizeGiB: number
  readonly description: string
  readonly encrypted: boolean
  readonly kmsKeyId: string | undefined
  readonly startTime: Date
  readonly completionTime: Date
  tags: Tags
  /** EBS's words, once it has given the snapshot up. */
  failure?: string
  /** What of its content is not as its tags say. */
  spoiled?: SnapshotFlaw
}

/** The folder of the models is not there; the model in it is not, or a shard of it cannot be read; the image's layers are not complete. */
export type SnapshotFlaw = 'no folder' | 'no model' | 'broken shard' | 'broken image'

export type CommandStatus = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled'

export interface Command {
  readonly commandId: string
  readonly instanceId: string
  readonly documentName: string
  readonly comment: string
  readonly parameters: Readonly<Record<string, readonly string[]>>
  readonly requestedAt: Date
  /** Before that, its invocation is unknown. */
  readonly visibleAt: Date
  /** Seconds for the delivery. */
  readonly deliveryTimeout: number
  /** Seconds that it may run. */
  readonly executionTimeout: number
  status: CommandStatus
  statusDetails: string
  /** -1 until there is one. */
  exitCode: number
  stdout: string
  stderr: string
  startedAt: Date | undefined
  endedAt: Date | undefined
}

/** A device of a launch template or a machine image. */
export interface MappedDevice {
  readonly deviceName: string | undefined
  readonly snapshotId: string | undefined
}

export interface LaunchTemplateVersion {
  readonly number: number
  readonly createTime: Date
  readonly imageId: string | undefined
  readonly devices: readonly MappedDevice[]
}

export interface LaunchTemplate {
  readonly launchTemplateId: string
  readonly name: string
  readonly versions: LaunchTemplateVersion[]
}

/** A machine image that the account registered from a snapshot of its own. */
export interface OwnImage {
  readonly imageId: string
  readonly name: string
  readonly rootDeviceName: string
  readonly devices: readonly MappedDevice[]
  readonly createTime: Date
  readonly tags: Tags
}

/** A parameter of the account in SSM. */
export interface Parameter {
  readonly name: string
  readonly type: string
  readonly value: string
  readonly version: number
  readonly modified: Date
}

/** All that was created, by ID; parameters by name. What EC2 has forgotten (deleted volumes and snapshots) is not there any more; terminated instances stay. */
export interface Store {
  readonly instances: Map<string, Instance>
  readonly volumes: Map<string, Volume>
  readonly snapshots: Map<string, Snapshot>
  readonly commands: Map<string, Command>
  /** Launches by client token: what was asked, and what came of it. */
  readonly launches: Map<string, { readonly asked: string; readonly instanceId: string }>
  readonly launchTemplates: Map<string, LaunchTemplate>
  readonly images: Map<string, OwnImage>
  readonly parameters: Map<string, Parameter>
}

export const emptyStore = (): Store => ({
  instances: new Map(),
  volumes: new Map(),
  snapshots: new Map(),
  commands: new Map(),
  launches: new Map(),
  launchTemplates: new Map(),
  images: new Map(),
  parameters: new Map(),
})
