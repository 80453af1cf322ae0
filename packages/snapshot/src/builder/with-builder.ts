import { CancelledError, PrebakeError, ServiceError, waitFor } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { BuildPorts, BuildRequest } from '../build-request.ts'
import type { BuilderState } from '../ports/builders.ts'
import type { BuildPlan } from '../resolve-plan.ts'
import { launchBuilder, type SubnetChoice } from './launch-builder.ts'
import type { BuilderSession } from './run-on-builder.ts'

const onlineLimitMs = 5 * 60_000
const endLimitMs = 60_000
const quickCheckMs = 30 * 60_000

export type Purpose = 'bake' | 'verify'

/**
 * When a builder's dead-man switch fires. For a bake after twice its limit, because the runner's own limit comes first and the switch is for a lost runner.
 * A quick verification takes minutes; a full one has the limit of a bake.
 */
export function powerOffAfterMs(purpose: Purpose, { timeoutMs, verify }: Pick<BuildRequest, 'timeoutMs' | 'verify'>): number {
  if (purpose === 'bake') return timeoutMs * 2
  return verify === 'full' ? Math.max(timeoutMs * 2, quickCheckMs) : quickCheckMs
}

type Ports = Pick<BuildPorts, 'builders' | 'clock' | 'reporter'>

/**
 * Launches a builder, waits until SSM reaches it, runs `work` and terminates it, whatever the outcome.
 * Only a cancel leaves it to the cleanup, because a cancelled process has only seconds left.
 */
export async function withBuilder<T>(
  purpose: Purpose,
  snapshotId: string | undefined,
  request: BuildRequest,
  plan: BuildPlan,
  ports: Ports,
  signal: AbortSignal,
  work: (session: BuilderSession) => Promise<T>,
): Promise<T> {
  const { builders, clock, reporter } = ports
  const lifeMs = powerOffAfterMs(purpose, request)
  const { instanceId, chosen } = await launchBuilder({ purpose, snapshotId, lifeMs }, request, plan, ports, signal)
  let result: T
  try {
    reporter.info(`Launched ${instanceId} (${request.instanceType}, ${chosen.subnet.availabilityZone}) to ${purpose}`)
    await awaitOnline(instanceId, chosen, ports, signal)
    result = await work({ instanceId, builders, clock, signal })
  } catch (error) {
    // The first error is the one to report.
    if (!signal.aborted) await end(instanceId, ports, signal).catch((second: Error) => reporter.warning(second.message))
    throw error
  }
  await endAfterWork(instanceId, ports, signal)
  return result
}

/** The work is done, so only a refusal, which would concern every future builder, fails the build. */
async function endAfterWork(instanceId: string, ports: Ports, signal: AbortSignal): Promise<void> {
  try {
    await end(instanceId, ports, signal)
  } catch (error) {
    const { cause } = error as Error
    if (signal.aborted || (cause instanceof ServiceError && !cause.transient)) throw error
    ports.reporter.warning((error as Error).message)
  }
}

/** @throws PrebakeError naming the instance, with the service's own error as its cause */
async function end(instanceId: string, { builders }: Ports, signal: AbortSignal): Promise<void> {
  try {
    await builders.terminate(instanceId, AbortSignal.any([signal, AbortSignal.timeout(endLimitMs)]))
  } catch (error) {
    if (signal.aborted) throw error
    const reason = error instanceof CancelledError ? `no response within ${endLimitMs / 1000} s` : (error as Error).message
    const hint = error instanceof PrebakeError && error.hint !== undefined ? `${error.hint} ` : ''
    throw new PrebakeError(`Terminate ${instanceId}: ${reason}`, {
      code: 'builder-not-terminated' satisfies SnapshotErrorCode,
      hint: `${hint}The cleanup of this step tries again. If that fails too, terminate ${instanceId} yourself.`,
      cause: error,
    })
  }
}

async function awaitOnline(
  instanceId: string,
  { subnet, publicAddress }: SubnetChoice,
  { builders, clock, reporter }: Ports,
  signal: AbortSignal,
): Promise<void> {
  await waitFor({
    awaited: `SSM to reach ${instanceId}`,
    code: 'builder-not-online' satisfies SnapshotErrorCode,
    limitMs: onlineLimitMs,
    everyMs: 5000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    hint: `${subnet.subnetId} must have a route to SSM and ECR (${publicAddress ? 'internet gateway and public address' : 'NAT or endpoints'}, and a security group that allows outbound traffic), and the instance profile's role needs AmazonSSMManagedInstanceCore and AmazonEC2ContainerRegistryReadOnly, because the agent is an image from ECR.`,
    poll: async () => {
      const instance = await builders.get(instanceId, signal)
      if (instance !== undefined) requireAlive(instance)
      if (instance?.state !== 'running') return { state: `instance ${instance?.state ?? 'not listed yet'}` }
      return (await builders.isOnline(instanceId, signal)) ? { value: undefined } : { state: 'instance running, SSM agent not online yet' }
    },
  })
}

/** @throws PrebakeError with EC2's own reason if the instance has ended by itself */
function requireAlive({ instanceId, state, reason }: BuilderState): void {
  if (state === 'pending' || state === 'running') return
  throw new PrebakeError(`Start instance ${instanceId}: it is ${state} before it was used: ${reason ?? 'EC2 gives no reason'}.`, {
    code: 'builder-ended' satisfies SnapshotErrorCode,
    hint: 'Client.InternalError or Client.InvalidKMSKey mean that the key of the volumes cannot be used. It must be enabled, and the role needs kms:CreateGrant, kms:Decrypt, kms:DescribeKey and kms:GenerateDataKeyWithoutPlaintext on it. For any other reason, run the build again.',
  })
}
