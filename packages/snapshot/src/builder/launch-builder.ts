import { createHash } from 'node:crypto'
import { InputError, PrebakeError, ServiceError } from '@prebake/kernel'
import type { BuildPorts, BuildRequest } from '../build-request.ts'
import { judgeSubnets } from '../judge-subnet.ts'
import type { BuilderSpec, SubnetFacts } from '../ports/builders.ts'
import type { BuildPlan } from '../resolve-plan.ts'
import { builderTags } from '../tags.ts'
import { userData } from './user-data.ts'

/** Fast for the minutes that it lives: at 125 MB/s writing model and image alone takes six minutes, at 1000 MB/s one; it costs cents (facts B22). */
const fastVolume = { iops: 4000, throughput: 1000 }
/** A full check reads every block, and blocks come from S3 at about 130 MB/s where no rate is asked for (facts B21). */
const fullCheckRate = 300

/** From the launch to the first command, at the very most. */
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

/** A subnet that leads to SSM and the hub, and what an instance needs there. */
export interface SubnetChoice {
  readonly subnet: SubnetFacts
  readonly publicAddress: boolean
}

interface Builder {
  readonly purpose: 'bake' | 'verify'
  readonly snapshotId: string | undefined
  /** From its initialization until its dead-man switch goes off. */
  readonly lifeMs: number
}

type Ports = Pick<BuildPorts, 'builders' | 'clock' | 'reporter'>

/**
 * Launches one builder. Where the plan's zone has no room and no subnet was asked for, it is tried in the VPC's other zones, each once.
 * @throws what EC2 says, with every zone that was tried
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
      if (next === undefined) throw noRoom(builder, request, tried, refusal)
      ports.reporter.info(`${tried.at(-1)} has no room (${refusal.code}): ${next.subnet.availabilityZone} is tried.`)
      chosen = next
    }
  }
}

function fullZone(error: unknown): ServiceError | undefined {
  // Where an input explains a refusal, the adapter says so and keeps the refusal as the cause.
  const refusal = error instanceof InputError ? error.cause : error
  return refusal instanceof ServiceError && zoneIsFull.includes(refusal.code) ? refusal : undefined
}

/** One subnet for each other zone: what a zone lacks, its other subnets lack too. */
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

function noRoom({ purpose }: Builder, { instanceType }: BuildRequest, tried: readonly string[], refusal: ServiceError): PrebakeError {
  return new PrebakeError(`Launch an ${instanceType} to ${purpose} in ${tried.join(', then ')}: ${refusal.message}`, {
    hint: 'Choose another `instance-type`, or a subnet in another zone (`subnet-id`), or run it again later.',
    cause: refusal,
  })
}

/** What EC2 is asked for. @param tries counts from 1: each has an idempotency token of its own */
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
      // A token that was used before is answered with its instance, be it dead (facts A3).
      if (state === 'pending' || state === 'running') return instanceId
      used = `${instanceId}, which is ${state}`
    } catch (error) {
      // This run has used the token already, for a builder that is gone: its tags said another end.
      if (!(error instanceof ServiceError && error.code === 'IdempotentParameterMismatch')) throw error
      used = error.message
    }
  }
  throw new PrebakeError(`Launch a builder to ${builder.purpose}: EC2 knew each of ${launchTries} tokens already. Last answer: ${used}.`, {
    hint: 'Run the build again.',
  })
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}
