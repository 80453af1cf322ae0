/** `pnpm diagnose`: why the pods of a Deployment are Pending, crashing or slow. Reads only. */
import { accountFacts } from '@prebake/aws'
import { inputs } from '@prebake/diagnose-startup/inputs'
import { diagnoseStartup, renderDiagnosis } from '@prebake/diagnose'
import { openCluster } from '@prebake/kubernetes/access'
import { runActionProgram } from './src/run/run-action-program.ts'

await runActionProgram({
  name: 'diagnose',
  about:
    'Says why the pods of a Deployment are Pending, crashing or slow, with evidence, remedy and a command to check by hand. Reads only.',
  inputs,
  async work(given, { env, clock, reporter }, signal) {
    const { namespace, deployment, awsRegion } = given
    const [{ cluster }, account] = await Promise.all([
      openCluster(given, { env, clock }, signal),
      accountFacts({ region: awsRegion ?? '', env }),
    ])
    const diagnosis = await diagnoseStartup({ namespace, deployment }, { cluster, ...account }, signal)
    reporter.summary(renderDiagnosis(diagnosis))
    if (given.failOnFindings && diagnosis.findings.some(({ symptom }) => symptom !== 'slow')) process.exitCode = 1
  },
})
