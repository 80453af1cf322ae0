import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The composite actions of the workflows. */
export const compositeActions = join(import.meta.dirname, '../../../.github/actions')

/** Runs scripts of composite actions as the runner does, in a folder of their own. */
export function openScripts() {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-composite-'))
  const tools = join(folder, 'tools')
  mkdirSync(tools)
  return {
    folder,
    /** Puts a shell script in the place of a program. */
    replace: (program: string, script: string) => writeFileSync(join(tools, program), `#!/usr/bin/env bash\n${script}`, { mode: 0o755 }),
    run(script: string, variables: Readonly<Record<string, string>>) {
      const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') }
      for (const file of Object.values(files)) writeFileSync(file, '')
      const PATH = `${tools}${delimiter}${process.env['PATH']}`
      const env = { PATH, GITHUB_REPOSITORY: 'octo-org/vllm-on-eks', ...files, ...variables }
      const { status, stdout } = spawnSync('bash', [join(compositeActions, script)], { cwd: folder, env, encoding: 'utf8' })
      return { status, stdout, output: readFileSync(files.GITHUB_OUTPUT, 'utf8'), summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
