import { buildInputs } from './action-inputs.ts'
import type { OptimizeRun } from './optimize-run.ts'
import { projectDefaults } from './project-defaults.ts'
import type { Outlook } from './rehearse.ts'

/** EBS snapshots, standard tier, per GiB and month in us-east-1 (EBS pricing page); only blocks that were written count. */
const dollarsPerGiB = 0.05
/** Two of the default builders, m6i.2xlarge at $0.384 an hour in us-east-1 (EC2 pricing page): one for about half an hour, one for some minutes. */
const dollarsPerBake = 0.3

/** What is about to be done, where, and what it costs, as aligned lines. */
export function describePlan(run: OptimizeRun, outlook: Outlook): string {
  const { settings, connection, kubeconfig, values } = run
  const namespace = values.namespace ?? projectDefaults.namespace
  const deployment = values.deployment ?? projectDefaults.deployment
  const context = kubeconfig.context === undefined ? '' : `, context ${kubeconfig.context}`
  const rows = [
    ['Cluster', `${settings['cluster-name']} at ${connection.address}${context}`],
    ['Region', settings.region],
    ...(values['snapshot-id'] === undefined ? [['Model', settings.model]] : []),
    ['Snapshot', describeSnapshot(run, outlook)],
    [
      'Rollout',
      `${values.manifests ?? projectDefaults.manifests} into the namespace ${namespace}, nodes with the role ${settings['node-role']}`,
    ],
    ['Pods', `those of ${deployment} are replaced one by one, on new nodes; the old ones serve until then`],
  ]
  return rows.map(([title = '', text]) => `${title.padEnd(9)} ${text}`).join('\n')
}

function describeSnapshot({ settings, values, context }: OptimizeRun, outlook: Outlook): string {
  if (values['snapshot-id'] !== undefined) return `${values['snapshot-id']}, as given`
  if (outlook?.reusable !== undefined) return `${outlook.reusable.snapshotId}, which has the same content already`
  const { volumeSize } = buildInputs(settings, values.build ?? [], context.env)
  const storage = `at most $${(volumeSize * dollarsPerGiB).toFixed(2)} a month for ${volumeSize} GiB`
  return `a new one: about $${dollarsPerBake.toFixed(2)} for the builders, and its storage, ${storage}`
}
