import { messageOf, type ExplainTrouble, type Reporter, type Trouble } from '@prebake/kernel'
import { diagnoseWorkload, type DiagnosePorts, type Diagnosis } from './diagnose-startup.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { renderDiagnosis } from './report/render-diagnosis.ts'

/** A cluster that answers slowly must not keep a rollout from its rollback. */
const limitMs = 60_000
/** What comes after these is less likely, and the diagnosis is a part of another message. */
const mostCauses = 3

/**
 * The diagnosis as the port by which a rollout and a benchmark ask why pods do not start. One that fails is a warning, because the failure that asked is the
 * one to report.
 * @param open what it looks at; called when it is asked
 */
export function troubleExplainer(open: () => Promise<DiagnosePorts>, reporter: Pick<Reporter, 'warning'>): ExplainTrouble {
  return async (workload, said, signal) => {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
      const ports = await open()
      const found = await ports.cluster.get(workload, limit)
      return found === undefined ? undefined : troubleOf(await diagnoseWorkload(found, ports, limit), said)
    } catch (error) {
      if (signal.aborted) throw error
      reporter.warning(`No cause was looked for, because the diagnosis failed: ${messageOf(error)}`)
      return undefined
    }
  }
}

/** What a failure adds of a diagnosis: what stops pods, and only where nothing does, what slows them down. Lines that were said before are left out. */
export function troubleOf(diagnosis: Diagnosis, said: string): Trouble | undefined {
  const likely = diagnosis.findings.filter(({ certainty }) => certainty > 1)
  const stopping = likely.filter(({ symptom }) => symptom !== 'slow')
  const findings = (stopping.length > 0 ? stopping : likely).slice(0, mostCauses)
  const [first] = findings
  if (first === undefined) return undefined
  const isSure = first.certainty === 3 && first.symptom !== 'slow'
  const fresh = (evidence: readonly Evidence[]) => evidence.filter(({ text }) => !said.includes(text))
  const words = ({ rule, cause, evidence: [line] }: Finding) =>
    rule.startsWith('snapshot-') && said.includes(`${line?.object.replace('Snapshot ', '')} is to blame`)
      ? 'The snapshot, as it says above.'
      : cause
  const shown = findings.map((finding) => ({ ...finding, cause: words(finding), evidence: fresh(finding.evidence) }))
  return {
    ...(isSure && { code: first.rule, remedy: first.remedy }),
    lines: shown.flatMap((finding, index) => linesOf(finding, index, isSure)),
    markdown: renderDiagnosis({ ...diagnosis, findings: shown }),
  }
}

function linesOf({ rule, cause, remedy, check, evidence }: Finding, index: number, isSure: boolean): readonly string[] {
  return [
    `${index + 1}. ${cause}${index === 0 && isSure ? '' : ` ${remedy}`} (${rule})`,
    ...evidence.map(({ object, text }) => `   ${object}: ${text}`),
    `   by hand: ${check}`,
  ]
}
