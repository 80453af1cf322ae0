import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { LogLine, Measurement, Observation } from '@prebake/startup'
import { leanObjects } from '../../packages/startup/src/measure/lean-object.ts'

type Line =
  | { readonly observation: Observation }
  | { readonly pod: string; readonly lines: readonly LogLine[] }
  | { readonly rest: Omit<Measurement, 'observations' | 'logs'> }

/** Reads what `writeMeasurement` has written, piece by piece as it comes in a measurement, and keeps of it what a measurement keeps. */
export async function readMeasurement(path: string): Promise<Measurement> {
  const observations: Observation[] = []
  const logs: Record<string, readonly LogLine[]> = {}
  const lean = leanObjects()
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = JSON.parse(text) as Line
    if ('rest' in line) return { ...withDates(line.rest), observations, logs }
    if ('pod' in line) logs[line.pod] = line.lines
    else {
      const { kind, object, type, receivedAt } = line.observation
      observations.push({ type, kind, object: lean(kind, object), receivedAt: new Date(receivedAt) })
    }
  }
  throw new Error(`${path} has no measurement.`)
}

/** JSON has them as texts. */
function withDates({ scale, endedAt, ...rest }: Omit<Measurement, 'observations' | 'logs'>): Omit<Measurement, 'observations' | 'logs'> {
  return { ...rest, scale: { sentAt: new Date(scale.sentAt), answeredAt: new Date(scale.answeredAt) }, endedAt: new Date(endedAt) }
}
