import { explainTrouble } from '@prebake/apply-manifests/explain-trouble'
import { findAccount } from '@prebake/apply-manifests/find-account'
import { readInputs, type ActionContext } from '@prebake/action-kit'
import { openCluster } from '@prebake/kubernetes/access'
import { readBaselines } from './baselines.ts'
import { dataVolumeOf } from './data-volume-of.ts'
import { inputs } from './inputs.ts'
import { measureInPlace } from './measure-in-place.ts'
import { measureIsolated, originalName } from './measure-isolated.ts'
import { readArms } from './read-arms.ts'
import { reportRuns } from './report-runs.ts'
import { runName } from './state.ts'

/** Reads the inputs, measures the scale-ups, and writes the report. `post` deletes or restores what they changed. */
export async function main({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const given = readInputs(inputs)
  const { candidate, from, to } = given
  const arms = candidate === 'isolated' ? await readArms(given, { env, reporter }, signal) : []
  const deployment = originalName(arms[0]?.manifests ?? []) ?? given.deployment
  const baselines = await readBaselines({ ...given, deployment }, { env, reporter })
  reporter.info(`Scale ${candidate === 'isolated' ? `an isolated copy of ${deployment}` : deployment} from ${from} to ${to} replicas`)

  const connection = await openCluster(given, { env, clock }, signal)
  const account = () => findAccount({ snapshotId: given.snapshotId, manifests: arms.flatMap(({ manifests }) => manifests) }, given, env)
  const explained = { explainTrouble: explainTrouble({ cluster: connection.cluster, reporter, account }) }
  const ports = { ...connection, clock, reporter, ...explained }
  const job = { run: runName(env), given }
  const measurements = candidate === 'isolated' ? await measureIsolated(arms, job, ports, signal) : await measureInPlace(job, ports, signal)
  const volumes = Object.fromEntries(arms.map(({ arm, manifests }) => [arm, dataVolumeOf(manifests)]))
  const { manifests = [] } = arms.find(({ arm }) => arm === 'candidate') ?? {}
  await reportRuns({ measurements, deployment, volumes, manifests, baselines }, given, { env, clock, reporter }, signal)
}
