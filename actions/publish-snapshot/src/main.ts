import { readInputs, repositoryVariable, setOutputs, type ActionContext } from '@prebake/action-kit'
import { InputError } from '@prebake/kernel'
import type { Pointer } from '@prebake/snapshot'
import { filePointer } from './file-pointer.ts'
import { inputs, outputs } from './inputs.ts'

/** Reads the inputs, gathers the pointers, publishes, and hands on what stood there before. */
export async function main({ env, signal, reporter }: ActionContext): Promise<void> {
  const given = readInputs(inputs, env)
  reporter.info(`Publish ${given.snapshotId}`)

  const [owner = '', repo = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/')
  const pointers: Pointer[] = []
  if (given.variableScope === 'repository') {
    if (owner === '' || repo === '')
      throw new InputError([{ input: 'GITHUB_REPOSITORY', wrong: 'is not set.', remedy: 'Set `variable-scope: none` outside a workflow.' }])
    const apiUrl = env['GITHUB_API_URL'] || 'https://api.github.com'
    pointers.push(repositoryVariable({ owner, repo, name: given.variableName, token: given.variableToken ?? '', apiUrl }))
  }
  if (given.file !== 'none') pointers.push(filePointer(given.file, env['GITHUB_WORKSPACE'] ?? process.cwd()))

  const [{ connectAws }, { publishSnapshot }] = await Promise.all([import('@prebake/aws'), import('@prebake/snapshot')])
  const { snapshots } = await connectAws({ region: given.awsRegion ?? '' })
  const publication = await publishSnapshot(given, { snapshots, pointers, reporter }, signal)

  const { snapshotId, previousSnapshotId, changed } = publication
  setOutputs(outputs, { 'snapshot-id': snapshotId, 'previous-snapshot-id': previousSnapshotId ?? '', changed }, env)
  const where = pointers.map(({ title }) => title).join(' and ') || 'the output alone'
  reporter.summary(`## Published snapshot\n\n**${snapshotId}** in ${where}; before: ${previousSnapshotId ?? 'nothing'}.\n`)
}
