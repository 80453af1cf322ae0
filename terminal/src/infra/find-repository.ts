import { InputError } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'
import type { Asker } from '../screen/ask.ts'
import { repositoryOfRemote } from './github-setup.ts'
import { runTool } from './run-tool.ts'

/** The repository whose workflows may assume the roles: the option, the remote `origin` of the folder, or the answer; undefined: none. */
export async function findRepository(
  given: string | undefined,
  asker: Asker,
  { folder, env, signal }: { readonly folder: string; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const name =
    given ??
    (await asker.answer({ name: 'github', text: 'GitHub repository of the workflows, or none', suggestion: (await remote()) ?? 'none' }))
  if (name === 'none') return undefined
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name
  const code = 'option-malformed' satisfies TerminalErrorCode
  throw new InputError([{ code, input: '--github', wrong: `\`${name}\` is not of the form owner/name.`, remedy: 'Give it so, or `none`.' }])

  async function remote(): Promise<string | undefined> {
    const lines: string[] = []
    try {
      await runTool('git', ['-C', folder, 'remote', 'get-url', 'origin'], { env, signal, onLine: (line) => lines.push(line) })
    } catch (error) {
      if (signal.aborted) throw error
    }
    return repositoryOfRemote(lines[0] ?? '')
  }
}
