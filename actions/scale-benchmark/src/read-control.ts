import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InputError } from '@prebake/kernel'
import { parseReport, type Report } from '@prebake/startup'

/** Reads the report of an earlier run. @throws InputError naming `control`. */
export async function readControl(file: string, env: NodeJS.ProcessEnv): Promise<Report> {
  const remedy = 'Give the path of the file that the output `report` of an earlier run names.'
  let text: string
  try {
    text = await readFile(resolve(env['GITHUB_WORKSPACE'] || process.cwd(), file), 'utf8')
  } catch (cause) {
    const wrong = `the file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`
    throw new InputError([{ input: 'control', wrong, remedy }], { cause })
  }
  const report = parseReport(text)
  if ('wrong' in report) throw new InputError([{ input: 'control', wrong: `the file ${file} ${report.wrong}`, remedy }])
  return report
}
