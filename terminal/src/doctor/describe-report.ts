import type { DoctorReport } from './doctor.ts'
import type { DoctorFinding } from './finding.ts'

/** The report for a person: what was looked at, each finding with evidence and remedy, and what was not looked at. */
export function describeReport({ cluster, account, findings, notChecked }: DoctorReport): string {
  const sorted = findings.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  return [
    `Cluster   ${cluster === undefined ? 'not reached' : `Kubernetes ${cluster.version} at ${cluster.address}`}`,
    `Account   ${account === undefined ? 'not reached' : `${account.accountId} as ${account.arn}, ${account.region}`}`,
    '',
    ...sorted.flatMap((finding, index) => [...describe(finding, index + 1), '']),
    ...notChecked.map((line) => `Not checked: ${line}`),
    findings.length === 0 ? 'Nothing is wrong.' : `${findings.length} finding${findings.length === 1 ? '' : 's'}. Nothing was changed.`,
  ].join('\n')
}

function describe({ code, severity, cause, remedy, evidence, check }: DoctorFinding, number: number): readonly string[] {
  return [
    `${number}. ${severity === 'error' ? 'Error' : 'Warning'}: ${cause} [${code}]`,
    ...evidence.map((line) => `     ${line}`),
    `   ${remedy}`,
    ...(check === undefined ? [] : [`   See for yourself: ${check}`]),
  ]
}
