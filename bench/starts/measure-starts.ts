import { discardIdleNodes } from '../../tests/real/node/scenes/discard-idle-nodes.ts'
import { judgeScaleUp, phaseSeconds } from '../../tests/real/node/scenes/judge-scale-up.ts'
import { bake, edit, rollOut, rollOutControl, scaleUp, fromNone } from '../../tests/real/node/world/mission-steps.ts'
import { startWorld, type StepResult } from '../../tests/real/node/world/start-world.ts'
import type { Start, Starts } from './starts.ts'

/** measure-starts.ts ROUNDS MEGABITS: starts of vLLM on a real node, in a network of its own. Progress on standard error, `Starts` as JSON on standard output. */
const [rounds, megabits] = process.argv.slice(2).map(Number) as [number, number]

await using world = await startWorld()
const built = await bake(world)
// Its AOT cache is rejected on the CPU (PyTorch's `get_cache_key`); without it there is a true hit.
edit(world, 'deploy/vllm/deployment.yaml', (text) =>
  text.replace('          env:\n', "          env:\n            - { name: VLLM_USE_AOT_COMPILE, value: '0' }\n"),
)
await check(rollOut(world, built))

const starts: Record<keyof Starts, Start[]> = { whole: [], warm: [], filling300: [], filling100: [], control: [] }
for (let round = 0; round < rounds; round++) {
  starts.whole.push(await measure('whole', { onNewNode: true }))
  // On the node that the pod before has left: its compile cache and its pages in memory are there.
  starts.warm.push(await measure('warm', { onNewNode: false }))
  for (const rate of [300, 100] as const) {
    world.fillVolumes(rate)
    starts[`filling${rate}`].push(await measure(`filling at ${rate} MiB/s`, { onNewNode: true }))
    world.fillVolumes(undefined)
  }
}
await check(rollOutControl(world, built, megabits))
for (let round = 0; round < rounds; round++) starts.control.push(await measure('control', { onNewNode: true, baked: false }))
console.log(JSON.stringify(starts))

interface Case {
  readonly onNewNode: boolean
  readonly baked?: boolean
}

async function measure(name: string, { onNewNode, baked = true }: Case): Promise<Start> {
  if (onNewNode) await discardIdleNodes(world)
  const measured = await check(scaleUp(world, built, { comment: 'false', ...(baked ? {} : fromNone) }))
  const problems = baked && onNewNode ? judgeScaleUp(measured) : []
  if (problems.length > 0) throw new Error(`Measure ${name}: ${problems.join('; ')}`)
  const start = { seconds: Number(measured.outputs['pod-startup-seconds']), importSeconds: phaseSeconds(measured, 'python.import') }
  console.error(`${name}: created to Ready ${start.seconds} s, of them Python's imports ${start.importSeconds} s`)
  return start
}

async function check(step: Promise<StepResult>): Promise<StepResult> {
  const done = await step
  if (done.exitCode !== 0) throw new Error(`A step of the benchmark ended with ${done.exitCode}: ${done.errors.join('; ')}`)
  return done
}
