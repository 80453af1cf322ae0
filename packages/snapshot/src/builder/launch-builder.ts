import { createHash } from 'node:crypto'
import { InputError, PrebakeError, ServiceError } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { BuildPorts, BuildRequest } from '../build-request.ts'
import { judgeSubnets } from '../judge-subnet.ts'
import type { BuilderSpec, SubnetFacts } from '../ports/builders.ts'
import type { BuildPlan } from '../resolve-plan.ts'
import { builderTags } from '../tags.ts'
import { userData } from './user-data.ts'

/** A fast volume for a few minutes costs cents: at 125 MB/s writing model and image takes six minutes, at 1000 MB/s one (facts B22). */
const fastVolume = { iops: 4000, throughput: 1000 }
/** A full verification reads every block, and without a rate blocks come from S3 at about 130 MB/s (facts B21). */
const fullCheckRate = 300

/** The longest time from the launch to the first command. */
const bootLimitMs = 15 * 60_000
const launchTries = 3

/** Refusals that are about one zone or one subnet (EC2 API reference, "Error codes"). */
const zoneIsFull = [
  'InsufficientInstanceCapacity',
  'InsufficientVolumeCapacity',
  'InsufficientFreeAddressesInSubnet',
  // "not supported in your requested Availability Zone"
  'Unsupported',
]

/** A subnet with a route to SSM and the hub, and what an instance needs there. */
export interface SubnetChoice {
  readonly subnet: SubnetFacts
  readonly publicAddress: boolean
}

interface Builder {
  readonly purpose: 'bake' | 'verify'
  readonly snapshotId: string | undefined
  /** From its initialization until its dead-man switch fires. */
  readonly lifeMs: number
}

type Ports = Pick<BuildPorts, 'builders' | 'clock' | 'reporter'>

/**
 * Launches one builder. If the plan's zone has no capacity and the user gave no subnet, tries the VPC's other zones, each once.
 * @throws EC2's error, with every zone that was tried
 */
export async function launchBuilder(
  builder: Builder,
  request: BuildRequest,
  plan: BuildPlan,
  ports: Ports,
  signal: AbortSignal,
): Promise<{ readonly instanceId: string; readonly chosen: SubnetChoice }> {
  const tried: string[] = []
  let others: SubnetChoice[] | undefined
  let chosen: SubnetChoice = plan
  for (;;) {
    try {
      return { instanceId: await launchIn(chosen, builder, request, plan, ports, signal), chosen }
    } catch (error) {
      const refusal = fullZone(error)
      if (refusal === undefined || request.subnetId !== undefined) throw error
      tried.push(chosen.subnet.availabilityZone)
      others ??= await otherZones(plan, request, ports, signal)
      const next = others.shift()
      if (next === undefined) throw noCapacity(builder, request, tried, refusal)
      ports.reporter.info(`No capacity in ${tried.at(-1)} (${refusal.code}); trying ${next.subnet.availabilityZone}.`)
      chosen = next
    }
  }
}

function fullZone(error: unknown): ServiceError | undefined {
  // If an input explains a refusal, the adapter throws an InputError with the refusal as its cause.
  const refusal = error instanceof InputError ? error.cause : error
  return refusal instanceof ServiceError && zoneIsFull.includes(refusal.code) ? refusal : undefined
}

/** One subnet per other zone: capacity is the same for all subnets of a zone. */
async function otherZones(
  { subnet }: BuildPlan,
  { hubHost }: BuildRequest,
  { builders }: Ports,
  signal: AbortSignal,
): Promise<SubnetChoice[]> {
  const zones = new Set([subnet.availabilityZone])
  return judgeSubnets(await builders.describeSubnets(subnet.vpcId, signal), hubHost).filter((other) => {
    const { availabilityZone } = other.subnet
    return !zones.has(availabilityZone) && zones.add(availabilityZone)
  })
}

function noCapacity({ purpose }: Builder, { instanceType }: BuildRequest, tried: readonly string[], refusal: ServiceError): PrebakeError {
  return new PrebakeError(`Launch an ${instanceType} to ${purpose} in ${tried.join(', then ')}: ${refusal.message}`, {
    code: 'zones-without-capacity' satisfies SnapshotErrorCode,
    hint: 'Choose another `instance-type` or a subnet in another zone (`subnet-id`), or run again later.',
    cause: refusal,
  })
}

/** The spec of a launch. @param tries counts from 1; each try has its own idempotency token */
export function builderSpec(
  { subnet: { subnetId }, publicAddress }: SubnetChoice,
  { purpose, snapshotId, lifeMs }: Builder,
  request: BuildRequest,
  plan: BuildPlan,
  { clock }: Pick<Ports, 'clock'>,
  tries: number,
): BuilderSpec {
  const { instanceType, securityGroupIds, instanceProfile, runToken } = request
  const restored = snapshotId === undefined ? {} : { snapshotId, ...(request.verify === 'full' && { initializationRate: fullCheckRate }) }
  return {
    clientToken: digest(runToken, plan.fingerprint, purpose, subnetId, instanceType, String(tries)),
    tags: builderTags(purpose, new Date(clock.now().getTime() + bootLimitMs + lifeMs), request, plan),
    amiId: plan.machineImage.amiId,
    instanceType,
    subnetId,
    securityGroupIds,
    instanceProfile,
    publicAddress,
    userData,
    dataVolume: { sizeGiB: request.volumeSizeGiB, ...fastVolume, ...restored },
  }
}

async function launchIn(
  chosen: SubnetChoice,
  builder: Builder,
  request: BuildRequest,
  plan: BuildPlan,
  { builders, clock }: Ports,
  signal: AbortSignal,
): Promise<string> {
  let used = ''
  for (let tries = 1; tries <= launchTries; tries++) {
    try {
      const { instanceId, state } = await builders.launch(builderSpec(chosen, builder, request, plan, { clock }, tries), signal)
      // For a token that was used before, EC2 returns its instance, even a terminated one (facts A3).
      if (state === 'pending' || state === 'running') return instanceId
      used = `${instanceId}, which is ${state}`
    } catch (error) {
      // This run has already used the token, for a terminated builder with another end time in its tags.
      if (!(error instanceof ServiceError && error.code === 'IdempotentParameterMismatch')) throw error
      used = error.message
    }
  }
  throw new PrebakeError(
    `Launch a builder to ${builder.purpose}: EC2 already knew each of ${launchTries} tokens. Last response: ${used}.`,
    {
      code: 'launch-tokens-used' satisfies SnapshotErrorCode,
      hint: 'Run the build again.',
    },
  )
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}
