import { execFile } from 'node:child_process'

/** What a program wrote, or why it did not. */
export type ToolResult = { readonly output: string } | { readonly missing: true } | { readonly failed: string }

/** Room for the largest sets of manifests. */
const maxBuffer = 64 * 2 ** 20

/** Runs a program of the runner, found by PATH and without a shell. */
export function runTool(
  program: string,
  args: readonly string[],
  { cwd, env, signal }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, signal, maxBuffer, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) resolve({ output: stdout })
      else if (signal.aborted) reject(signal.reason as Error)
      else if (error.code === ('ENOENT' as never)) resolve({ missing: true })
      else resolve({ failed: stderr.trim().split('\n').slice(0, 5).join(' ') || error.message })
    })
  })
}
