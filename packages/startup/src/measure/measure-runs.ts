import type { MeasurePorts } from './measure-ports.ts'
import { measureScale } from './measure-scale.ts'
import type { Measurement, ScaleRequest } from './measurement.ts'
import type { Arm, RunFacts } from './run-facts.ts'
import { settleAt } from './settle-at.ts'

/** A Deployment that is measured, held or made for this run alone. */
export interface MeasuredArm {
  readonly arm: Arm
  readonly deployment: string
  readonly namespace: string
  readonly from: number
  /** Called before each scale-up of a cold run, with `from` replicas Ready: makes sure that new pods come on new nodes. @returns how it did */
  readonly freshen: (signal: AbortSignal) => Promise<string>
}

export interface RunsRequest extends Omit<ScaleRequest, 'deployment' | 'namespace' | 'from'> {
  readonly arms: readonly MeasuredArm[]
  /** Scale-ups of each arm. */
  readonly runs: number
  readonly cold: boolean
  readonly mode: RunFacts['mode']
}

interface ScheduledRun {
  readonly target: MeasuredArm
  /** From 1. */
  readonly number: number
}

/** Interleaved, and each time in the other order, so that what changes in the course of a job meets both arms alike: A B, B A, A B. */
export function scheduleRuns(arms: readonly MeasuredArm[], runs: number): readonly ScheduledRun[] {
  return Array.from({ length: runs }, (_, index) => {
    const pair = arms.map((target) => ({ target, number: index + 1 }))
    return index % 2 === 0 ? pair : pair.toReversed()
  }).flat()
}

/**
 * Measures each arm `runs` times, one scale-up after the other. After the last one the replicas stay at `to` where they are measured in place; all others are
 * scaled back at once.
 * @param onMeasured called with each measurement as soon as it is there
 */
export async function measureRuns(
  request: RunsRequest,
  ports: MeasurePorts,
  signal: AbortSignal,
  onMeasured: (measurement: Measurement) => void = () => undefined,
): Promise<readonly Measurement[]> {
  const { arms, runs, cold, mode, to, timeoutMs, prompt } = request
  const measured: Measurement[] = []
  const schedule = scheduleRuns(arms, runs)
  for (const [index, { target, number }] of schedule.entries()) {
    const { arm, deployment, namespace, from } = target
    const scale: ScaleRequest = { deployment, namespace, from, to, timeoutMs, ...(prompt !== undefined && { prompt }) }
    const title = `${arm}, run ${number} of ${runs}: ${deployment} from ${from} to ${to}`
    const measurement = await ports.reporter.group(title, async () => {
      const nodesMade = await prepare(target, cold, mode, scale, ports, signal)
      const plain = await measureScale(scale, ports, signal)
      return { ...plain, run: { arm, number, mode, nodesMade } }
    })
    measured.push(measurement)
    onMeasured(measurement)
    const isLast = index === schedule.length - 1
    if (mode === 'isolated' || !isLast) await ports.workload.scale(deployment, namespace, from, signal)
    if (measurement.timedOut) break
  }
  return measured
}

/** @returns how the nodes of the new pods came to be, or that they were there */
async function prepare(
  { deployment, namespace, from, freshen }: MeasuredArm,
  cold: boolean,
  mode: RunFacts['mode'],
  scale: ScaleRequest,
  ports: MeasurePorts,
  signal: AbortSignal,
): Promise<string> {
  const settle = async (replicas: number) => {
    const found = await ports.workload.deployment(deployment, namespace, signal)
    if (found !== undefined) await settleAt(found, { ...scale, from: replicas }, ports, signal)
  }
  if (cold) {
    await settle(from)
    return freshen(signal)
  }
  if (mode === 'in-place') return 'the nodes were taken as they were'
  await settle(scale.to)
  await settle(from)
  return `the nodes were there: ${scale.to} pods had run on them before`
}
