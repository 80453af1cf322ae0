import { InputError, PrebakeError, TimeoutError, waitFor } from '@prebake/kernel'
import type { BenchmarkErrorCode } from '../error-codes.ts'
import type { DeploymentState } from '../ports/workload.ts'
import { holdAnnotation, isOver, readHold, type Hold } from './hold.ts'
import type { MeasurePorts } from './measure-ports.ts'
import type { ScaleRequest } from './measurement.ts'
import type { ReplicasBefore } from './restore-replicas.ts'

/** After the two waits of a run: for the rest of its job, which restores the replicas at its end. */
const restOfJobMs = 3_600_000

/** The Deployment as this run found it, without what a lost run has left, and the replicas that it measures from. */
export interface HeldDeployment {
  readonly found: DeploymentState
  readonly from: number
}

/**
 * Makes this run the only one that measures the Deployment: waits while another holds it, puts back the replicas of one that is lost, and writes down what
 * it found, on the Deployment itself.
 * @param beforeHolding called before the first change
 * @throws InputError where the Deployment cannot be measured in place; PrebakeError when another run holds it until the limit
 */
export async function holdDeployment(
  request: ScaleRequest & { readonly run: string },
  ports: MeasurePorts,
  signal: AbortSignal,
  beforeHolding: (before: ReplicasBefore) => void,
): Promise<HeldDeployment> {
  const { deployment, namespace, run, timeoutMs } = request
  const { workload, clock, reporter } = ports
  const poll = async () => {
    const now = await judge(request, ports, signal)
    const hold = readHold(now.annotations)
    if (hold !== undefined && hold.run !== run && !isOver(hold, run, clock.now())) return { state: `the run ${hold.run} holds it` }
    const lost = hold !== undefined && hold.run !== run && hold.set.includes(now.replicas)
    const replicas = lost ? hold.replicas : now.replicas
    const from = startOf(request, replicas, reporter)
    const before = { deployment, namespace, replicas, set: [from, request.to], run }
    beforeHolding(before)
    const until = new Date(clock.now().getTime() + 2 * timeoutMs + restOfJobMs).toISOString()
    const mine: Hold = { run, replicas, set: before.set, until }
    const { resourceVersion } = now
    const change = { annotations: { [holdAnnotation]: JSON.stringify(mine) }, resourceVersion }
    if (!(await workload.annotate(deployment, namespace, change, signal))) return { state: 'it changes' }
    if (lost && now.replicas !== replicas) {
      reporter.warning(
        `${deployment} had ${now.replicas} replicas of the lost run ${hold.run}, which found ${replicas}: they are put back.`,
      )
      await workload.scale(deployment, namespace, replicas, signal)
    }
    return { value: { found: { ...now, replicas }, from } }
  }
  try {
    return await waitFor({
      awaited: `${deployment} to be free for a measurement`,
      limitMs: timeoutMs,
      everyMs: 5000,
      clock,
      signal,
      onState: (state) => reporter.progress(`${deployment}: ${state}`),
      poll,
    })
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
    throw new PrebakeError(error.message, {
      code: 'deployment-held' satisfies BenchmarkErrorCode,
      hint: `Wait for that run's job to end. If it is lost: \`kubectl annotate deployment/${deployment} -n ${namespace} ${holdAnnotation}-\`, and set the replicas.`,
      cause: error,
    })
  }
}

/** @throws InputError where the Deployment cannot be measured in place. */
async function judge(
  { deployment, namespace }: ScaleRequest,
  { workload, reporter }: MeasurePorts,
  signal: AbortSignal,
): Promise<DeploymentState> {
  const refuse = (code: BenchmarkErrorCode, wrong: string, remedy: string) => new InputError([{ code, input: 'deployment', wrong, remedy }])
  const found = await workload.deployment(deployment, namespace, signal)
  if (found === undefined) {
    const wrong = `there is no Deployment \`${deployment}\` in the namespace \`${namespace}\`.`
    throw refuse('deployment-not-found', wrong, 'Check the name and the namespace (`kubectl get deployments --all-namespaces`).')
  }
  const other = 'Measure an isolated copy (`candidate: isolated`)'
  if (found.paused) throw refuse('deployment-paused', `\`${deployment}\` is paused: no pod of it would start.`, `Resume it. ${other}.`)
  const { names, unread } = await workload.scalers(deployment, namespace, signal)
  if (names.length > 0)
    throw refuse(
      'replicas-autoscaled',
      `${names.join(' and ')} sets the replicas of \`${deployment}\`.`,
      `${other}, or remove what sets them.`,
    )
  for (const reason of unread) reporter.warning(`Whether something else sets the replicas of ${deployment} was not checked: ${reason}`)
  return found
}

/** Never fewer than what serves. @throws InputError where `to` is no more than that. */
function startOf({ deployment, from, to }: ScaleRequest, replicas: number, reporter: MeasurePorts['reporter']): number {
  const start = Math.max(from, replicas)
  if (start >= to) {
    const code = 'replicas-not-increased' satisfies BenchmarkErrorCode
    const wrong = `${to} is not more than the ${start} replicas that \`${deployment}\` has.`
    throw new InputError([{ code, input: 'to', wrong, remedy: `Give more than ${start}, or measure an isolated copy.` }])
  }
  if (start > from) reporter.notice(`${deployment} has ${replicas} replicas, so the measurement starts from them and not from ${from}.`)
  return start
}
