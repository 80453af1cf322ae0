import { InputError, type PrebakeError, type Problem, type Reporter } from '@prebake/kernel'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { builderSpec } from './builder/launch-builder.ts'
import { powerOffAfterMs } from './builder/with-builder.ts'
import { isRefusal } from './is-refusal.ts'
import type { PermissionCheck } from './ports/permissions.ts'
import { resolvePlan, type BuildPlan } from './resolve-plan.ts'

type Checks = readonly PermissionCheck[]

/** Permissions that can only be checked with a builder. */
const onBuilderOnly = ['ec2:StopInstances', 'ec2:TerminateInstances', 'ec2:CreateSnapshot', 'ssm:SendCommand']

/**
 * Checks every permission that a bake needs, as far as AWS can tell without a builder.
 * @throws InputError with all missing permissions, and with the inputs that EC2 refuses
 */
export async function requirePermissions(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<void> {
  const { checks, problems } = await checkAll(request, plan, ports, signal)
  refuseMissing(checks, ports.reporter, problems)
  const later = [...new Set([...checks.flatMap((check) => (check.verdict === 'unchecked' ? [check.action] : [])), ...onBuilderOnly])]
  ports.reporter.info(`Permissions: none missing so far; not checked yet: ${later.join(', ')}`)
}

/** The same for actions on a builder, as soon as there is one. @param tags the tags of the future snapshot */
export async function requireBuilderPermissions(
  instanceId: string,
  volumeId: string,
  tags: Readonly<Record<string, string>>,
  { permissions, reporter }: Pick<BuildPorts, 'permissions' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  const checks = await permissions.checkBuilder(instanceId, volumeId, tags, signal)
  refuseMissing(checks, reporter)
  reporter.info(`Permissions: ${describe(checks)}`)
}

/** The same for actions on a snapshot, before the minutes of its verification. */
export async function requireSnapshotPermissions(
  snapshotId: string,
  { permissions, reporter }: Pick<BuildPorts, 'permissions' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  refuseMissing(await permissions.checkSnapshot(snapshotId, signal), reporter)
}

/**
 * Completes the error of a refused build: if one permission is missing, others often are too.
 * @returns an InputError with all missing permissions; `error` itself if it is not a refusal, or the only one
 */
export async function withOtherRefusals(error: unknown, request: BuildRequest, ports: BuildPorts, signal: AbortSignal): Promise<unknown> {
  if (!isRefusal(error) || signal.aborted) return error
  try {
    const quiet = { ...ports, reporter: { ...ports.reporter, info: () => undefined } }
    const plan = await resolvePlan(request, quiet, signal).catch(() => undefined)
    const { checks } = await checkAll(request, plan, ports, signal)
    const refusals = checks.flatMap((check) =>
      check.verdict === 'refused' && check.refusal.operation !== error.operation ? [check.refusal] : [],
    )
    return refusals.length === 0 ? error : new InputError([error, ...refusals].map(asProblem), { cause: error })
  } catch {
    return error
  }
}

async function checkAll(
  request: BuildRequest,
  plan: BuildPlan | undefined,
  ports: BuildPorts,
  signal: AbortSignal,
): Promise<{ readonly checks: Checks; readonly problems: readonly Problem[] }> {
  const { permissions } = ports
  const problems: Problem[] = []
  const launch = async (): Promise<Checks> => {
    if (plan === undefined) return []
    const builder = { purpose: 'bake', snapshotId: undefined, lifeMs: powerOffAfterMs('bake', request) } as const
    try {
      return await permissions.checkLaunch(builderSpec(plan, builder, request, plan, ports, 1), signal)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      problems.push(...error.problems)
      return []
    }
  }
  const checks = await Promise.all([permissions.checkReads(signal), launch(), permissions.checkEarlierSnapshot(request.tags, signal)])
  return { checks: checks.flat(), problems }
}

/** A build can succeed without deleting anything. */
const optional = 'ec2:DeleteSnapshot'

function refuseMissing(checks: Checks, reporter: Pick<Reporter, 'warning'>, others: readonly Problem[] = []): void {
  const refused = checks.flatMap((check) => (check.verdict === 'refused' ? [check] : []))
  for (const { refusal } of refused.filter(({ action }) => action === optional))
    reporter.warning(
      `If a snapshot is created twice, this run cannot delete the second one. ${refusal.message} ${refusal.hint ?? ''}`.trim(),
    )
  const problems = [...refused.filter(({ action }) => action !== optional).map(({ refusal }) => asProblem(refusal)), ...others]
  if (problems.length > 0) throw new InputError(problems, { cause: refused[0]?.refusal })
}

const asProblem = (refusal: PrebakeError): Problem => ({
  code: 'permissions-missing' satisfies SnapshotErrorCode,
  input: 'AWS permissions',
  wrong: refusal.message.replace(/\.?$/, '.'),
  remedy: refusal.hint ?? 'Allow it for this role.',
})

function describe(checks: Checks): string {
  const of = (verdict: PermissionCheck['verdict']) => checks.filter((check) => check.verdict === verdict).map(({ action }) => action)
  const unchecked = checks.flatMap((check) => (check.verdict === 'unchecked' ? [`${check.action} (${check.reason})`] : []))
  return [`${of('allowed').join(', ') || 'none'} allowed`, ...(unchecked.length > 0 ? [`not checked: ${unchecked.join(', ')}`] : [])].join(
    '; ',
  )
}
