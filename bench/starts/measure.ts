/** Started by ../starts.ts in a network of its own. */
import { readFileSync } from 'node:fs'
import type { BenchmarkReport } from '@prebake/startup'
import { discardIdleNodes } from '../../tests/real/node/scenes/discard-idle-nodes.ts'
import { judgeScaleUp, phaseSeconds } from '../../tests/real/node/scenes/judge-scale-up.ts'
import { bake, edit, keep, measureBesideControl, rollOut, scaleUp } from '../../tests/real/node/world/mission-steps.ts'
import { startWorld, type StepResult } from '../../tests/real/node/world/start-world.ts'
import { median } from '../median.ts'

const rounds = 3
/** What the control's registry and hub share. */
const megabits = 1000

await using world = await startWorld()
const built = await bake(world)
// On the CPU an AOT cache is rejected at its load; without it there is a true hit.
edit(world, 'deploy/vllm/deployment.yaml', (text) =>
  text.replace('          env:\n', "          env:\n            - { name: VLLM_USE_AOT_COMPILE, value: '0' }\n"),
)
succeeded(await rollOut(world, built))

const whole = 'new node, volume whole, no compile cache'
const warm = 'the same node again, compile cache and pages warm'
/** MiB/s at which volumes of EBS fill without an initialization rate, and what they may with one, or without a limit, which Fast Snapshot Restore comes closest to. */
const [slowest, ...faster] = [100, 300, Infinity] as const
const filling = (rate: number) => `new node, volume fills ${Number.isFinite(rate) ? `at ${rate} MiB/s` : 'without a limit'} as it is read`
const seconds = new Map<string, number[]>()
const importSeconds = new Map<string, number[]>()

for (let round = 0; round < rounds; round++) {
  await discardIdleNodes(world)
  await measure(whole)
  // The pod before has left its node.
  await measure(warm, { isNew: false })
  await measureFilling(slowest)
}
compare('cache warm beside cold', seconds, warm, whole)
compare(`whole beside ${filling(slowest)}`, seconds, whole, filling(slowest))
compare(`imports alone, whole beside ${filling(slowest)}`, importSeconds, whole, filling(slowest))
// Once each: that they lie between, and no ratio.
for (const rate of faster) await measureFilling(rate)

// In turn, by the product's own comparison: its table is in out/real.
const compared = succeeded(await measureBesideControl(world, built, megabits, rounds))
keep('baked-beside-control', compared.summary, compared.outputs['report-html'])
compareArms(compared.outputs['report'] ?? '')

async function measureFilling(rate: number): Promise<void> {
  await discardIdleNodes(world)
  world.fillVolumes(rate)
  await measure(filling(rate))
  console.log(`    its snapshot gave ${world.filling.at(-1)?.fetched().toFixed(0)} MiB of it`)
  world.fillVolumes(undefined)
}

/** From the pod's creation until it is Ready, the boot of a new node included; and of that until vLLM has been imported. */
async function measure(name: string, { isNew = true } = {}): Promise<void> {
  const measured = succeeded(await scaleUp(world, built, { comment: 'false' }))
  const problems = isNew ? judgeScaleUp(measured) : []
  if (problems.length > 0) throw new Error(`Measure "${name}": ${problems.join('; ')}`)
  const [start, imports] = [Number(measured.outputs['pod-startup-seconds']), phaseSeconds(measured, 'python.import')]
  seconds.set(name, [...(seconds.get(name) ?? []), start])
  importSeconds.set(name, [...(importSeconds.get(name) ?? []), imports])
  console.log(`  ${name}: created to Ready ${start.toFixed(1)} s, of them imports ${imports.toFixed(1)} s`)
}

/** A ratio of medians. What both are on another machine, or on a GPU, it does not say. */
function compare(title: string, of: ReadonlyMap<string, readonly number[]>, fast: string, slow: string): void {
  const [quick, long] = [of.get(fast) ?? [], of.get(slow) ?? []]
  const values = [quick, long].map((each) => each.map((value) => value.toFixed(1)).join(', '))
  console.log(
    `start, ${title}: ${(median(quick) / median(long)).toFixed(2)} of the time (${values.join(' beside ')} s; ${rounds} rounds, vLLM on the CPU with a tiny model)`,
  )
}

/** @param path of scale-benchmark's JSON report */
function compareArms(path: string): void {
  const { comparison } = JSON.parse(readFileSync(path, 'utf8')) as BenchmarkReport
  const { candidateSeconds = null, baselineSeconds = null, noiseSeconds = 0, verdict } = comparison ?? {}
  if (candidateSeconds === null || baselineSeconds === null) throw new Error('Compare with the control: the report has no seconds of both.')
  const [of, noise] = [candidateSeconds / baselineSeconds, noiseSeconds.toFixed(1)]
  console.log(
    `start, baked beside control: ${of.toFixed(2)} of the time to the first token (${candidateSeconds.toFixed(1)} beside ${baselineSeconds.toFixed(1)} s, noise ${noise} s: ${verdict}; ${rounds} rounds, image and model of the control through ${megabits} Mbit/s)`,
  )
}

function succeeded(step: StepResult): StepResult {
  if (step.exitCode !== 0) throw new Error(`Measure starts: a step ended with ${step.exitCode}: ${step.errors.join('; ')}`)
  return step
}
