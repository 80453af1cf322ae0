import { repositoryVariable, type Inputs } from '@prebake/action-kit'
import { InputError } from '@prebake/kernel'
import type { Pointer } from '@prebake/snapshot'
import { filePointer } from './file-pointer.ts'
import type { inputs } from './inputs.ts'

/** The places that are to point to the snapshot, as the inputs name them. @throws InputError for a place that there is not. */
export function gatherPointers(
  given: Pick<Inputs<typeof inputs>, 'variableScope' | 'variableName' | 'variableToken' | 'file'>,
  env: NodeJS.ProcessEnv,
): readonly Pointer[] {
  const pointers: Pointer[] = []
  if (given.variableScope === 'repository') {
    const [owner = '', repo = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/')
    if (owner === '' || repo === '')
      throw new InputError([{ input: 'GITHUB_REPOSITORY', wrong: 'is not set.', remedy: 'Set `variable-scope: none` outside a workflow.' }])
    const apiUrl = env['GITHUB_API_URL'] || 'https://api.github.com'
    pointers.push(repositoryVariable({ owner, repo, name: given.variableName, token: given.variableToken ?? '', apiUrl }))
  }
  if (given.file !== 'none') pointers.push(filePointer(given.file, env['GITHUB_WORKSPACE'] ?? process.cwd()))
  return pointers
}
