import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from '@prebake/startup'

/** Writes the report as JSON into the runner's temporary folder. @returns the file's path. */
export function writeReport(report: Report, env: NodeJS.ProcessEnv): string {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  mkdirSync(folder, { recursive: true })
  // A job may measure more than once.
  const time = report.scaledAt.replaceAll(/[^\dT]/g, '')
  const file = join(folder, `prebake-scale-${report.environment.deployment}-${time}.json`)
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`)
  return file
}
