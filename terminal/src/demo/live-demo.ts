import type { ActionContext } from '@prebake/action-kit'
import { InputError, waitFor } from '@prebake/kernel'
import type { ClusterConnection } from '@prebake/kubernetes'
import { conditionsOf, textAt, type KubernetesObject } from '@prebake/manifests'
import type { TerminalErrorCode } from '../error-codes.ts'
import { asWatch } from '../screen/durations.ts'

export interface DemoRequest {
  readonly deployment: string
  readonly namespace: string
  /** Replicas to scale to: the guide's 5. */
  readonly to: number
  readonly timeoutMs: number
}

/** One line of the guide's demo: when it should be said, and when it was. */
export interface DemoLine {
  readonly targetSeconds: number
  readonly actualSeconds: number
  readonly text: string
}

/** The guide's times, for 5 replicas of the 4 GB model on new nodes. */
const targets = { two: 30, all: 90, end: 105 } as const

/**
 * The guide's demo: scales up and says each line when it is true, beside the time at which the guide says it. The replicas stay scaled.
 * @param beforeScaling is given what the Deployment has, before the first change
 */
export async function liveDemo(
  { deployment, namespace, to, timeoutMs }: DemoRequest,
  { cluster, workload }: ClusterConnection,
  { clock, signal, reporter }: ActionContext,
  beforeScaling: (replicas: number) => void,
): Promise<readonly DemoLine[]> {
  const found = await workload.deployment(deployment, namespace, signal)
  if (found === undefined)
    throw refuse('deployment-missing', '--deployment', `there is no Deployment ${deployment} in ${namespace}.`, 'Give its name.')
  if (found.replicas >= to) {
    const wrong = `${to} is not more than the ${found.replicas} replicas that ${deployment} has.`
    throw refuse('option-malformed', '--to', wrong, 'Give more, or scale down first.')
  }
  const list = () => cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: found.podSelector }, signal)
  const before = new Set((await list()).map(({ metadata }) => metadata.uid))
  beforeScaling(found.replicas)

  const start = clock.now().getTime()
  const lines: DemoLine[] = []
  const say = (targetSeconds: number, text: string) => {
    const actualSeconds = (clock.now().getTime() - start) / 1000
    lines.push({ targetSeconds, actualSeconds, text })
    reporter.info(`${asWatch(actualSeconds).padStart(6)}  (target ${asWatch(targetSeconds)})  ${text}`)
  }
  say(0, `Watch us scale to ${to} GPU nodes with vLLM inference`)
  await workload.scale(deployment, namespace, to, signal)
  say(0, `kubectl scale deployment ${deployment} --replicas=${to}`)

  const wait = (awaited: string, isTrue: (added: readonly KubernetesObject[]) => boolean) =>
    waitFor<void>({
      awaited,
      code: 'demo-timeout' satisfies TerminalErrorCode,
      limitMs: Math.max(0, start + timeoutMs - clock.now().getTime()),
      everyMs: 1000,
      clock,
      signal,
      onState: (state) => reporter.progress(state),
      hint: '`make doctor` looks for the cause.',
      poll: async () => {
        const added = (await list()).filter(({ metadata }) => !before.has(metadata.uid) && metadata.deletionTimestamp === undefined)
        return isTrue(added)
          ? { value: undefined }
          : { state: `${added.filter(isRunning).length} new pods running, ${added.filter(isReady).length} ready` }
      },
    })
  const more = to - found.replicas
  const first = Math.min(2, more)
  await wait(`${first} new pods to run`, (added) => added.filter(isRunning).length >= first)
  say(targets.two, `First ${first} new pods running`)
  await wait(`all ${to} pods to be ready`, (added) => added.filter(isReady).length >= more)
  say(targets.all, `All ${to} pods ready, serving requests`)
  say(targets.end, 'The model was baked into the nodes’ data volume. No downloads needed.')
  return lines
}

const isRunning = (pod: KubernetesObject): boolean => textAt(pod, 'status.phase') === 'Running'
const isReady = (pod: KubernetesObject): boolean => conditionsOf(pod).some(({ type, status }) => type === 'Ready' && status === 'True')

function refuse(code: TerminalErrorCode, input: string, wrong: string, remedy: string): InputError {
  return new InputError([{ code, input, wrong, remedy }])
}
