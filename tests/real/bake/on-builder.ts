import type { Answer, BakeStatus } from '../../../packages/snapshot/src/builder/parse-answer.ts'
import { parseStatus } from '../../../packages/snapshot/src/builder/parse-answer.ts'
import { composeCommand } from '../../../packages/snapshot/src/builder/compose-command.ts'
import { initializeBuilder, type BuilderKey } from '../../../packages/snapshot/src/builder/initialize-builder.ts'
import { recipeLines } from '../../../packages/snapshot/src/builder/plan-lines.ts'
import { runOnBuilder, type BuilderSession } from '../../../packages/snapshot/src/builder/run-on-builder.ts'
import { sendPlan, sourcesOf, type Sources } from '../../../packages/snapshot/src/builder/send-sources.ts'
import { watchWorker } from '../../../packages/snapshot/src/builder/watch-worker.ts'
import { powerOffAfterMs, withBuilder } from '../../../packages/snapshot/src/builder/with-builder.ts'
import { resolvePlan, type BuildPlan } from '../../../packages/snapshot/src/resolve-plan.ts'
import type { RealNode } from './node/start-node.ts'
import type { Scene } from './start-scene.ts'

/** A builder that is initialized, in the midst of a build, with the runner's own functions to speak to it. */
export interface RealBuilder {
  readonly session: BuilderSession
  readonly node: RealNode
  readonly plan: BuildPlan
  /** Tells the builder its whole plan, but not yet to anyone what comes of it. */
  readonly begin: () => Promise<void>
  /** Sends plan lines, which starts or resumes the worker. */
  readonly tell: (...lines: readonly string[]) => Promise<void>
  /** What the runner does from the first look to `done`. */
  readonly watch: () => Promise<void>
  readonly run: (script: 'status.sh' | 'seal.sh' | 'probe.sh', ...args: readonly string[]) => Promise<Answer>
  /** Looks until the status is as wanted. @throws Error with the last status when it can no longer become so. */
  readonly until: (wanted: (status: BakeStatus) => boolean) => Promise<BakeStatus>
  /** Runs a script of bash on the host; `$MEMORY` is what the admin container has in memory, `$MODEL` the model's folder. @throws Error when it fails. */
  readonly shell: (script: string) => Promise<string>
}

async function allOf(
  plan: BuildPlan,
  key: BuilderKey,
  request: Scene['request'],
  ports: Scene['ports'],
  signal: AbortSignal,
): Promise<Sources> {
  const { lines, pieces } = await sourcesOf([...plan.recipe.files.keys()], key, plan, ports, signal)
  return { lines: [...recipeLines(plan.recipe, request.revision), ...lines], pieces }
}

/** Launches a builder for the open model, or another, lets `work` use it, and ends it. `alter` changes what is to be baked. */
export async function onBuilder<T>(
  scene: Scene,
  work: (builder: RealBuilder) => Promise<T>,
  { model = scene.request.model, alter = (plan) => plan }: { model?: string; alter?: (plan: BuildPlan) => BuildPlan } = {},
): Promise<T> {
  const request = { ...scene.request, model }
  const signal = AbortSignal.timeout(150_000)
  const { ports } = scene
  const plan = alter(await resolvePlan(request, ports, signal))
  return withBuilder('bake', undefined, request, plan, ports, signal, async (session) => {
    const node = scene.cloud.node(session.instanceId)
    const { key } = await initializeBuilder(session, powerOffAfterMs('bake', request))
    const run: RealBuilder['run'] = (script, ...args) => runOnBuilder(session, script, composeCommand(script, args))
    const shell: RealBuilder['shell'] = async (script) => {
      const variables = `MEMORY=$NODE/host/var/lib/host-containerd/admin/dev/shm/prebake MODEL=/mnt/models/hf-cache/hub/models--${model.replace('/', '--')}`
      const { code, output } = await node.enter('bash', '-euc', `${variables}\n${script}`)
      if (code !== 0) throw new Error(`On the host: ${script}: ended with ${code}: ${output}`)
      return output
    }
    return work({
      session,
      node,
      plan,
      run,
      shell,
      tell: (...lines) => sendPlan(session, key, { lines, pieces: [] }),
      begin: async () => sendPlan(session, key, await allOf(plan, key, request, ports, signal)),
      watch: () => watchWorker(session, key, request, plan, ports),
      async until(wanted) {
        for (;;) {
          const answer = await run('status.sh')
          const status = parseStatus(answer)
          if (status !== undefined && wanted(status)) return status
          if (status === undefined || ['done', 'failed'].includes(status.state))
            throw new Error(`Not as wanted: ${JSON.stringify(status ?? [...answer.lines])}\n${await shell('cat $MEMORY/state/work.log')}`)
          await ports.clock.sleep(200, signal)
        }
      },
    })
  })
}
