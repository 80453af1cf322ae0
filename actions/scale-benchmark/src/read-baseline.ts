import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { workspacePath } from '@prebake/action-kit'
import { InputError } from '@prebake/kernel'
import { parseReport, type BenchmarkErrorCode, type Report } from '@prebake/startup'

/** Reads the candidate's runs from the report of an earlier benchmark, in the workspace or the runner's temporary folder. @throws InputError naming `baseline`; never quotes the file. */
export async function readBaseline(file: string, env: NodeJS.ProcessEnv): Promise<readonly Report[]> {
  const found = workspacePath(file, env['GITHUB_WORKSPACE'] || process.cwd(), [env['RUNNER_TEMP'] || tmpdir()])
  if ('wrong' in found) throw problem(`${found.wrong}.`)
  let text: string
  try {
    text = await readFile(found.real, 'utf8')
  } catch (cause) {
    throw problem(`cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause)
  }
  const report = parseReport(text)
  if ('wrong' in report) throw problem(report.wrong)
  return report

  function problem(wrong: string, cause?: unknown): InputError {
    const remedy = 'Give the path of a file from the output `report` of an earlier run, in the workspace or in RUNNER_TEMP.'
    const code = 'baseline-unusable' satisfies BenchmarkErrorCode
    return new InputError([{ code, input: 'baseline', wrong: `the file ${file} ${wrong}`, remedy }], { cause })
  }
}
