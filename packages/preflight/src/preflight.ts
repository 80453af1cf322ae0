import { gatherFacts } from './facts/gather-facts.ts'
import { tableOf } from './facts/gather-instance-types.ts'
import type { Finding } from './finding.ts'
import { judgeManifests, type Unchecked } from './judge-manifests.ts'
import type { PreflightPorts, PreflightRequest } from './preflight-request.ts'
import { allRules } from './rules/groups.ts'
import { noFacts, type PreflightSubject } from './subject/subject.ts'

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
  return report(await gatherFacts(request, ports, signal), request)
}

/** Compares manifests with each other alone, where neither cluster nor account may be asked. */
export function preflightOffline(request: PreflightRequest): PreflightReport {
  const { manifests, snapshotId } = request
  const nowhere = { version: undefined, region: undefined }
  const { types, source } = tableOf('nothing is looked up')
  const subject = { manifests, snapshotId, cluster: nowhere, facts: noFacts, instanceTypes: types, instanceTypeSource: source }
  const needy = allRules.filter(({ needs = [] }) => needs.length > 0).map(({ id }) => id)
  const found = report(subject, request)
  return { ...found, unchecked: [{ reason: 'neither the cluster nor AWS is asked', rules: needy }, ...found.unchecked] }
}

function report(subject: PreflightSubject, { ignoreRules = [] }: PreflightRequest): PreflightReport {
  const { findings, unchecked } = judgeManifests(subject)
  return {
    findings: findings.filter(({ rule }) => !ignoreRules.includes(rule)),
    ignored: Object.fromEntries(ignoreRules.map((id) => [id, findings.filter(({ rule }) => rule === id)])),
    unchecked,
    instanceTypes: subject.instanceTypeSource,
  }
}
