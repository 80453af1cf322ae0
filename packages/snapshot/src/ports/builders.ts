import type { Architecture } from '@prebake/snapshot-record'

export interface BuilderImage {
  readonly amiId: string
  /** Bottlerocket's version without a leading v: `1.57.0`. */
  readonly bottlerocketVersion: string
}

/** The routes and endpoints of a subnet that the builder depends on. */
export interface SubnetFacts {
  readonly subnetId: string
  readonly vpcId: string
  readonly availabilityZone: string
  /** The target of the default route: an internet gateway, another route out (NAT, transit gateway, appliance), or none. */
  readonly defaultRoute: 'internet-gateway' | 'other' | 'none'
  /** Service names of the VPC's endpoints, without the region prefix: `ssm`, `ssmmessages`, `s3`. */
  readonly endpoints: readonly string[]
}

export interface BuilderSpec {
  /** Idempotency token for the launch, at most 64 ASCII characters. */
  readonly clientToken: string
  /** Put on the instance, its volumes and its network interface at creation. */
  readonly tags: Readonly<Record<string, string>>
  readonly amiId: string
  readonly instanceType: string
  readonly subnetId: string
  readonly securityGroupIds: readonly string[]
  /** Name or ARN. */
  readonly instanceProfile: string
  readonly publicAddress: boolean
  /** Plain text; the adapter encodes it. */
  readonly userData: string
  readonly dataVolume: {
    readonly sizeGiB: number
    readonly iops: number
    /** MiB/s. */
    readonly throughput: number
    /** Restored from this snapshot, if any. */
    readonly snapshotId?: string
    /** MiB/s; only with a snapshot. */
    readonly initializationRate?: number
  }
}

export interface BuilderState {
  readonly instanceId: string
  readonly state: 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped'
  /** EC2's own reason why it left `running`, if any. */
  readonly reason: string | undefined
  /** To the second. */
  readonly launchedAt: Date
  readonly tags: Readonly<Record<string, string>>
}

/** A command's state in SSM; `stdout` is empty until it has ended (facts B1). */
export interface CommandState {
  readonly status:
    'Pending' | 'InProgress' | 'Delayed' | 'Success' | 'Cancelled' | 'TimedOut' | 'Failed' | 'Cancelling' | 'Undeliverable' | 'Terminated'
  readonly statusDetails: string
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Instances that bake, and commands on them. Each method is a single request; the use case decides how long and how often to poll. */
export interface Builders {
  /** @throws InputError naming `kubernetes-version` and `bottlerocket-version` if no such image is published */
  findImage(
    wanted: { kubernetesVersion: string; bottlerocketVersion: string; architecture: Architecture },
    signal: AbortSignal,
  ): Promise<BuilderImage>
  /** Without an ID, a default subnet of the default VPC. @throws InputError if there is none */
  describeSubnet(subnetId: string | undefined, signal: AbortSignal): Promise<SubnetFacts>
  /** The subnets of a VPC that have free addresses, default subnets first. */
  describeSubnets(vpcId: string, signal: AbortSignal): Promise<readonly SubnetFacts[]>
  /** Architectures of an instance type's processors. @throws InputError naming `instance-type` if the region has no such type */
  architecturesOf(instanceType: string, signal: AbortSignal): Promise<readonly string[]>
  launch(spec: BuilderSpec, signal: AbortSignal): Promise<BuilderState>
  /** Undefined while EC2 does not know it yet. */
  get(instanceId: string, signal: AbortSignal): Promise<BuilderState | undefined>
  /** Whether its SSM agent is online. */
  isOnline(instanceId: string, signal: AbortSignal): Promise<boolean>
  /** Every instance with all of these tags that is not terminated. */
  find(tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly BuilderState[]>
  /** Sends one shell line (AWS-RunShellScript) and returns the command's ID. */
  send(instanceId: string, line: string, timeoutSeconds: number, signal: AbortSignal): Promise<string>
  /** Undefined while SSM does not know the invocation yet. */
  getCommand(instanceId: string, commandId: string, signal: AbortSignal): Promise<CommandState | undefined>
  /** The volume attached as `/dev/xvdb`. */
  dataVolume(instanceId: string, signal: AbortSignal): Promise<string>
  /** Graceful, never forced: a clean stop removes the host containers' root filesystems from the data volume. */
  stop(instanceId: string, signal: AbortSignal): Promise<void>
  terminate(instanceId: string, signal: AbortSignal): Promise<void>
}
