import { readInputs, setOutputs, writeJsonFile, type ActionContext } from '@prebake/action-kit'
import { PrebakeError } from '@prebake/kernel'
import { openCluster } from '@prebake/kubernetes/access'
import type { DiagnosisErrorCode } from './error-codes.ts'
import { inputs, outputs } from './inputs.ts'

/** Reads the inputs, looks at cluster and account, and reports each cause with its evidence and remedy. */
export async function main({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const given = readInputs(inputs)
  const { namespace, deployment } = given
  reporter.info(`Diagnose ${namespace}/${deployment}`)
  const [{ cluster }, account, { diagnoseStartup, diagnosisReport, renderDiagnosis }] = await Promise.all([
    openCluster(given, { env, clock }, signal),
    import('@prebake/aws').then(({ accountFacts }) => accountFacts({ region: given.awsRegion ?? '', env })),
    import('@prebake/diagnose'),
  ])

  const diagnosis = await diagnoseStartup({ namespace, deployment }, { cluster, ...account }, signal)

  const { findings, unread } = diagnosis
  for (const { cause, remedy, evidence, check } of findings) {
    reporter.info(`${cause} ${remedy}`)
    for (const { object, text } of evidence) reporter.info(`  ${object}: ${text}`)
    reporter.info(`  by hand: ${check}`)
  }
  for (const line of unread) reporter.info(`Not read: ${line}`)
  if (findings.length === 0) reporter.info('No rule finds a cause.')
  setOutputs(outputs, {
    cause: findings[0]?.rule ?? '',
    findings: findings.length,
    report: writeJsonFile(`prebake-diagnosis-${deployment}.json`, diagnosisReport(diagnosis), env),
  })
  reporter.summary(renderDiagnosis(diagnosis))
  const stopping = findings.find(({ symptom }) => symptom !== 'slow')
  if (!given.failOnFindings || stopping === undefined) return
  const code = 'pods-do-not-start' satisfies DiagnosisErrorCode
  throw new PrebakeError(`Diagnose ${namespace}/${deployment}: ${stopping.cause}`, { code, hint: stopping.remedy })
}
