import { createHash } from 'node:crypto'
import { PrebakeError, waitFor } from '@prebake/kernel'
import type { BuildPorts, BuildRequest } from '../build-request.ts'
import type { BuilderSpec, BuilderState } from '../ports/builders.ts'
import type { BuildPlan } from '../resolve-plan.ts'
import { tagKeys } from '../tags.ts'
import type { Line } from './run-on-builder.ts'

/** The admin container is what the scripts run in; nothing else is set, so that it starts no SSH server (facts B3). */
const userData = '[settings.host-containers.admin]\nenabled = true\n'

/** Fast for the minutes that it lives: at 125 MB/s writing model and image alone takes six minutes, at 1000 MB/s one; it costs cents (facts B22). */
const fastVolume = { iops: 4000, throughput: 1000 }
/** A full check reads every block, and blocks come from S3 at about 130 MB/s where no rate is asked for (facts B21). */
const fullCheckRate = 300

const onlineLimitMs = 5 * 60_000
/** From the launch to the first command, at the very most. */
const bootLimitMs = 15 * 60_000
const launchTries = 3
const quickCheckMs = 30 * 60_000

export type Purpose = 'bake' | 'verify'

/**
 * When a builder's dead-man switch goes off: twice the limit of a bake, since the runner's own limit comes first and the switch is for when there is
 * no runner any more; a quick check takes minutes, a full one has the limit of a bake.
 */
export function powerOffAfterMs(purpose: Purpose, { timeoutMs, verify }: Pick<BuildRequest, 'timeoutMs' | 'verify'>): number {
  if (purpose === 'bake') return timeoutMs * 2
  return verify === 'full' ? Math.max(timeoutMs * 2, quickCheckMs) : quickCheckMs
}

type Ports = Pick<BuildPorts, 'builders' | 'clock' | 'reporter'>

/**
 * Launches a builder, waits until SSM reaches it, lets `work` use it and terminates it, whatever comes of the work.
 * Only a cancel leaves it to the cleanup: a cancelled process has seconds to live.
 */
export async function withBuilder<T>(
  purpose: Purpose,
  snapshotId: string | undefined,
  request: BuildRequest,
  plan: BuildPlan,
  ports: Ports,
  signal: AbortSignal,
  work: (line: Line) => Promise<T>,
): Promise<T> {
  const { builders, clock, reporter } = ports
  const instanceId = await launch(purpose, snapshotId, request, plan, ports, signal)
  try {
    reporter.info(`Launched ${instanceId} (${request.instanceType}, ${plan.subnet.availabilityZone}) to ${purpose}`)
    await awaitOnline(instanceId, plan, ports, signal)
    return await work({ instanceId, builders, clock, signal })
  } finally {
    if (!signal.aborted) await builders.terminate(instanceId, AbortSignal.timeout(60_000))
  }
}

async function launch(
  purpose: Purpose,
  snapshotId: string | undefined,
  request: BuildRequest,
  plan: BuildPlan,
  { builders, clock }: Ports,
  signal: AbortSignal,
): Promise<string> {
  const { instanceType, securityGroupIds, instanceProfile, runToken } = request
  const { amiId } = plan.machineImage
  const restored = snapshotId === undefined ? {} : { snapshotId, ...(request.verify === 'full' && { initializationRate: fullCheckRate }) }
  const { subnetId } = plan.subnet
  const lifeTags = {
    [tagKeys.purpose]: purpose,
    [tagKeys.fingerprint]: plan.fingerprint,
    [tagKeys.ends]: new Date(clock.now().getTime() + bootLimitMs + powerOffAfterMs(purpose, request)).toISOString(),
  }
  for (let tries = 1; tries <= launchTries; tries++) {
    const spec: BuilderSpec = {
      clientToken: digest(runToken, plan.fingerprint, purpose, subnetId, instanceType, String(tries)),
      tags: { ...request.tags, Name: `prebake ${purpose} ${request.model}`.slice(0, 256), [tagKeys.run]: runToken, ...lifeTags },
      amiId,
      instanceType,
      subnetId,
      securityGroupIds,
      instanceProfile,
      publicAddress: plan.publicAddress,
      userData,
      dataVolume: { sizeGiB: request.volumeSizeGiB, ...fastVolume, ...restored },
    }
    const { instanceId, state } = await builders.launch(spec, signal)
    // A token that was used before is answered with its instance, be it dead (facts A3).
    if (state === 'pending' || state === 'running') return instanceId
  }
  throw new PrebakeError(`Launch a builder to ${purpose}: EC2 answered ${launchTries} times with an instance that is already gone.`, {
    hint: 'Run the build again.',
  })
}

async function awaitOnline(instanceId: string, plan: BuildPlan, { builders, clock, reporter }: Ports, signal: AbortSignal): Promise<void> {
  await waitFor({
    awaited: `SSM to reach ${instanceId}`,
    limitMs: onlineLimitMs,
    everyMs: 5000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    hint: `${plan.subnet.subnetId} must lead to SSM and ECR (${plan.publicAddress ? 'internet gateway and public address' : 'NAT or endpoints'}, and a security group that lets traffic out), and the instance profile's role needs AmazonSSMManagedInstanceCore and AmazonEC2ContainerRegistryReadOnly: the agent itself comes as an image from ECR.`,
    look: async () => {
      const instance = await builders.look(instanceId, signal)
      if (instance !== undefined) requireAlive(instance)
      if (instance?.state !== 'running') return { state: `instance ${instance?.state ?? 'not listed yet'}` }
      return (await builders.isOnline(instanceId, signal)) ? { value: undefined } : { state: 'instance running, SSM agent not online yet' }
    },
  })
}

/** @throws PrebakeError with EC2's own reason when the instance has ended by itself. */
function requireAlive({ instanceId, state, reason }: BuilderState): void {
  if (state === 'pending' || state === 'running') return
  throw new PrebakeError(`Instance ${instanceId} is ${state} before it was used: ${reason ?? 'EC2 gives no reason'}.`, {
    hint: 'Client.InternalError or Client.InvalidKMSKey mean that the volume key cannot be used by this role.',
  })
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}
