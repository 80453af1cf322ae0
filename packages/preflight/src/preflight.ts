import { gatherFacts } from './facts/gather-facts.ts'
import type { Finding } from './finding.ts'
import { judgeManifests, type Unchecked } from './judge-manifests.ts'
import type { PreflightPorts, PreflightRequest } from './preflight-request.ts'

export interface PreflightReport {
  /** Errors first. */
  readonly findings: readonly Finding[]
  /** By rule, what the ignored ones found. */
  readonly ignored: Readonly<Record<string, readonly Finding[]>>
  readonly unchecked: readonly Unchecked[]
  /** Where the instance types come from, with the date: EC2 or the built-in table; undefined where no rule needed them. */
  readonly instanceTypes: string | undefined
}

/**
 * Compares manifests with the snapshot, the cluster and each other. Changes nothing.
 * @throws CancelledError, and PrebakeError where the cluster cannot be reached at all.
 */
export async function preflight(request: PreflightRequest, ports: PreflightPorts, signal: AbortSignal): Promise<PreflightReport> {
  const { ignoreRules = [] } = request
  const subject = await gatherFacts(request, ports, signal)
  const { findings: found, unchecked } = judgeManifests(subject)
  return {
    findings: found.filter(({ rule }) => !ignoreRules.includes(rule)),
    ignored: Object.fromEntries(ignoreRules.map((id) => [id, found.filter(({ rule }) => rule === id)])),
    unchecked,
    instanceTypes: subject.instanceTypeSource,
  }
}
