import { repositoryVariable, workflowContext, type Inputs } from '@prebake/action-kit'
import { InputError } from '@prebake/kernel'
import type { SnapshotPointer } from '@prebake/snapshot-record'
import type { PublishErrorCode } from './error-codes.ts'
import { filePointer } from './file-pointer.ts'
import type { inputs } from './inputs.ts'

/**
 * The places to store the snapshot's ID in, as the inputs name them. The variable comes first, so that its failures come before any write.
 * @throws InputError for a place that does not exist
 */
export async function gatherPointers(
  given: Pick<Inputs<typeof inputs>, 'variableScope' | 'variableName' | 'variableToken' | 'file'>,
  env: NodeJS.ProcessEnv,
): Promise<readonly SnapshotPointer[]> {
  const pointers: SnapshotPointer[] = []
  if (given.variableScope === 'repository') {
    const { repository, apiUrl } = await workflowContext()
    if (repository === undefined) {
      const code = 'repository-unknown' satisfies PublishErrorCode
      const remedy = 'Set `variable-scope: none` outside a workflow.'
      throw new InputError([{ code, input: 'GITHUB_REPOSITORY', wrong: 'is not set.', remedy }])
    }
    pointers.push(repositoryVariable({ ...repository, name: given.variableName, token: given.variableToken ?? '', apiUrl }))
  }
  if (given.file !== 'none') pointers.push(filePointer(given.file, env['GITHUB_WORKSPACE'] || process.cwd()))
  return pointers
}
