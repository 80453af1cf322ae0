import type { Problem, Reporter } from '@prebake/kernel'
import { gatherFacts } from './facts/gather-facts.ts'
import { filePlaceOf, formatFinding, formatPlace, type Finding } from './finding.ts'
import { judgeManifests, uncheckedOf, type Unchecked } from './judge-manifests.ts'
import type { PreflightPorts, PreflightRequest } from './preflight-request.ts'

export interface PreflightReport {
  /** Errors first. */
  readonly findings: readonly Finding[]
  readonly unchecked: readonly Unchecked[]
}

/**
 * Compares manifests with the snapshot, the cluster and each other. Changes nothing.
 * @throws CancelledError, and PrebakeError where the cluster cannot be reached at all.
 */
export async function preflight(request: PreflightRequest, ports: PreflightPorts, signal: AbortSignal): Promise<PreflightReport> {
  const subject = await gatherFacts(request, ports, signal)
  return { findings: judgeManifests(subject), unchecked: uncheckedOf(subject) }
}

/**
 * The same for a rollout: tells warnings and what was not checked.
 * @returns the errors, for whoever tells all that is wrong at once.
 */
export async function preflightProblems(
  request: PreflightRequest,
  ports: PreflightPorts & { readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { findings, unchecked } = await preflight(request, ports, signal)
  for (const { reason, rules } of unchecked) ports.reporter.info(`Not checked, because ${reason}: ${rules.join(', ')}`)
  for (const finding of findings.filter(({ severity }) => severity === 'warning'))
    ports.reporter.warning(formatFinding(finding), filePlaceOf(finding.place))
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, place, problem, fix }) => ({ code: rule, input: formatPlace(place), wrong: `${problem} [${rule}]`, remedy: fix }))
}
