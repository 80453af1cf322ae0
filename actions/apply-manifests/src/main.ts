import { readInputs, setOutputs, type ActionContext } from '@prebake/action-kit'
import { InputError } from '@prebake/kernel'
import { openCluster } from '@prebake/kubernetes/access'
import { applyManifests } from './apply-manifests.ts'
import { explainTrouble } from './explain-trouble.ts'
import { findAccount } from './find-account.ts'
import { inputs, outputs } from './inputs.ts'
import { readSet } from './read-set.ts'
import { summarize, summarizeFailure, summarizeRendered } from './summarize.ts'
import { writeApplied } from './write-applied.ts'
import { writeRendered } from './write-rendered.ts'

/** Reads the inputs and the manifests, then renders them, rolls them out, or verifies a rollout by another tool; sets the outputs. */
export async function main(context: ActionContext): Promise<void> {
  const { env, signal, reporter, clock } = context
  const given = readInputs(inputs)
  reporter.info(`${{ apply: 'Apply', render: 'Render', verify: 'Verify' }[given.mode]} ${given.manifests.join(', ')}`)

  const [rollout, { renderManifests }] = await Promise.all([import('@prebake/rollout'), import('@prebake/manifests')])
  const workspace = env['GITHUB_WORKSPACE'] || process.cwd()
  const { values, manifests } = await readSet(given, workspace, { env, reporter }, signal)

  if (given.mode === 'render') {
    const { preflightOffline, reportPreflight } = await import('@prebake/preflight')
    const { ignoreRules } = given
    const problems = reportPreflight(preflightOffline({ manifests, snapshotId: values['SNAPSHOT_ID'], ignoreRules }), reporter)
    if (problems.length > 0) throw new InputError(problems)
    const written = writeRendered(renderManifests(manifests), given.outputFolder, workspace)
    for (const path of written) reporter.info(`${path} written`)
    setOutputs(outputs, { changed: false, 'rolled-back': false })
    return reporter.summary(summarizeRendered(written, values['SNAPSHOT_ID']))
  }

  const { cluster } = await openCluster(given, { env, clock }, signal)
  const { mode, dryRun, namespace, timeout: timeoutMs } = given
  const summaryContext = { snapshotId: values['SNAPSHOT_ID'], cluster: cluster.address, mode, dryRun }
  const startedAt = clock.now()
  const request = { manifests, snapshotId: values['SNAPSHOT_ID'], namespace, timeoutMs }
  const ports = { cluster, clock, reporter }
  try {
    const result = mode === 'verify' ? await verify() : await applyManifests(given, request, ports, env, signal)
    setOutputs(outputs, {
      changed: result.changed,
      proven: dryRun ? '' : result.unproven.length === 0,
      revision: result.revision ?? '',
      applied: writeApplied(result, env),
      'rolled-back': false,
    })
    const seconds = Math.round((clock.now().getTime() - startedAt.getTime()) / 1000)
    reporter.summary(summarize(result, { ...summaryContext, seconds }))
  } catch (error) {
    if (error instanceof rollout.FailedRollout) {
      setOutputs(outputs, { changed: true, 'rolled-back': error.rolledBack })
      reporter.summary(summarizeFailure(error, summaryContext))
    }
    throw error
  }

  function verify() {
    const account = () => findAccount(request, given, env)
    return rollout.verifyRollout(request, { ...ports, explainTrouble: explainTrouble({ ...ports, account }) }, signal)
  }
}
