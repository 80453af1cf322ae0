import { closeSync, openSync, writeSync } from 'node:fs'
import { drawMeasurement } from './draw-measurement.ts'

/** Writes a drawn measurement, a line for each change that a watch brings and one for the rest. */
export function writeMeasurement(pods: number, path: string): void {
  const { observations, ...rest } = drawMeasurement(pods)
  const file = openSync(path, 'w')
  for (const observation of observations) writeSync(file, `${JSON.stringify(observation)}\n`)
  writeSync(file, `${JSON.stringify(rest)}\n`)
  closeSync(file)
}
