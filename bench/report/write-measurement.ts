import { closeSync, openSync, writeSync } from 'node:fs'
import { drawMeasurement } from './draw-measurement.ts'

/** Writes a drawn measurement, a line for each change that a watch brings, one for each pod's log, and one for the rest. */
export function writeMeasurement(pods: number, path: string): void {
  const { observations, logs, ...rest } = drawMeasurement(pods)
  const file = openSync(path, 'w')
  const write = (value: object) => writeSync(file, `${JSON.stringify(value)}\n`)
  for (const observation of observations) write({ observation })
  for (const [pod, lines] of Object.entries(logs)) write({ pod, lines })
  write({ rest })
  closeSync(file)
}
