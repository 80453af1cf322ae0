/** `make doctor`, or `pnpm run doctor`, since `pnpm doctor` is pnpm's own: looks at the reader's own cluster and account, changes nothing, and names what is wrong. */
import { withDocumentAddresses } from '@prebake/action-kit'
import { examine, type DoctorReport } from './src/doctor/doctor.ts'
import { describeReport } from './src/doctor/describe-report.ts'
import { clusterOptions, explainCluster } from './src/optimize/options.ts'
import { projectDefaults } from './src/optimize/project-defaults.ts'
import { runProgram } from './src/run/run-program.ts'

const { 'cluster-name': _name, ...options } = clusterOptions
const { 'cluster-name': _explained, ...explain } = explainCluster
await runProgram({
  name: 'doctor',
  about: 'Examines cluster and account without changing anything. Exit code 0: nothing is wrong; 1: something is; 2: an option is wrong.',
  options: { ...options, json: { type: 'boolean' } },
  explain: { ...explain, json: 'Prints the report as JSON.' },
  async work(values, { env, clock, signal, terminal, folder }) {
    const { deployment = projectDefaults.deployment, namespace = projectDefaults.namespace } = values
    const request = { deployment, namespace, kubeconfig: values.kubeconfig, region: values.region, folder }
    const report: DoctorReport = await examine(request, { env, clock, signal })
    const text = values.json === true ? JSON.stringify(report, undefined, 2) : describeReport(report)
    terminal.write(`${withDocumentAddresses(text, env)}\n`)
    if (report.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1
  },
})
