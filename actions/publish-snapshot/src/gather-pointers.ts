import { pullRequestFile, repositoryVariable, workflowContext, type Inputs, type ProposedPointer } from '@prebake/action-kit'
import { InputError } from '@prebake/kernel'
import type { SnapshotPointer } from '@prebake/snapshot-record'
import type { PublishErrorCode } from './error-codes.ts'
import { filePointer } from './file-pointer.ts'
import type { inputs } from './inputs.ts'

export interface Pointers {
  readonly pointers: readonly SnapshotPointer[]
  /** The one of them that is a pull request. */
  readonly proposal: ProposedPointer | undefined
}

/**
 * The places to store the snapshot's ID in, as the inputs name them. The variable comes first, so that its failures come before any write.
 * @throws InputError for a place that does not exist
 */
export async function gatherPointers(
  given: Pick<Inputs<typeof inputs>, 'variableScope' | 'variableName' | 'variableToken' | 'file' | 'pullRequestFile' | 'pullRequestToken'>,
  env: NodeJS.ProcessEnv,
): Promise<Pointers> {
  const pointers: SnapshotPointer[] = []
  let proposal: ProposedPointer | undefined
  if (given.variableScope === 'repository' || given.pullRequestFile !== undefined) {
    const { repository, apiUrl, runUrl } = await workflowContext()
    if (repository === undefined) {
      const code = 'repository-unknown' satisfies PublishErrorCode
      const remedy = 'Set `variable-scope: none` outside a workflow, and no `pull-request-file`.'
      throw new InputError([{ code, input: 'GITHUB_REPOSITORY', wrong: 'is not set.', remedy }])
    }
    if (given.variableScope === 'repository')
      pointers.push(repositoryVariable({ ...repository, name: given.variableName, token: given.variableToken ?? '', apiUrl }))
    if (given.pullRequestFile !== undefined) {
      proposal = pullRequestFile({ ...repository, path: given.pullRequestFile, token: given.pullRequestToken ?? '', apiUrl, runUrl })
      pointers.push(proposal)
    }
  }
  if (given.file !== 'none') pointers.push(filePointer(given.file, env['GITHUB_WORKSPACE'] || process.cwd()))
  return { pointers, proposal }
}
