import { repositoryVariable, workflowContext, type Inputs } from '@prebake/action-kit'
import { InputError } from '@prebake/kernel'
import type { Pointer } from '@prebake/snapshot'
import { filePointer } from './file-pointer.ts'
import type { inputs } from './inputs.ts'

/**
 * The places that are to point to the snapshot, as the inputs name them. The variable comes first: what can fail in it is found before anything is written.
 * @throws InputError for a place that there is not.
 */
export async function gatherPointers(
  given: Pick<Inputs<typeof inputs>, 'variableScope' | 'variableName' | 'variableToken' | 'file'>,
  env: NodeJS.ProcessEnv,
): Promise<readonly Pointer[]> {
  const pointers: Pointer[] = []
  if (given.variableScope === 'repository') {
    const { repository, apiUrl } = await workflowContext()
    if (repository === undefined)
      throw new InputError([{ input: 'GITHUB_REPOSITORY', wrong: 'is not set.', remedy: 'Set `variable-scope: none` outside a workflow.' }])
    pointers.push(repositoryVariable({ ...repository, name: given.variableName, token: given.variableToken ?? '', apiUrl }))
  }
  if (given.file !== 'none') pointers.push(filePointer(given.file, env['GITHUB_WORKSPACE'] || process.cwd()))
  return pointers
}
