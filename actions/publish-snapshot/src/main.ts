import { readInputs, setOutputs, type ActionContext } from '@prebake/action-kit'
import { gatherPointers } from './gather-pointers.ts'
import { inputs, outputs } from './inputs.ts'

/** Reads the inputs, gathers the pointers, publishes (or only probes), and hands on what stood there before. */
export async function main({ env, signal, reporter }: ActionContext): Promise<void> {
  const given = readInputs(inputs, env)
  const { snapshotId } = given
  const pointers = gatherPointers(given, env)
  const titles = pointers.map(({ title }) => title).join(' and ')

  if (given.probe || snapshotId === undefined) {
    const { probePointers } = await import('@prebake/snapshot')
    await probePointers(pointers, signal)
    return reporter.info(titles === '' ? 'Nothing to probe: neither variable nor file is to be written' : `May be written: ${titles}`)
  }

  reporter.info(`Publish ${snapshotId}`)
  const [{ connectAws }, { publishSnapshot }] = await Promise.all([import('@prebake/aws'), import('@prebake/snapshot')])
  const { snapshots } = await connectAws({ region: given.awsRegion ?? '' })
  const { allowUnverified } = given
  const { previousSnapshotId, changed } = await publishSnapshot({ snapshotId, allowUnverified }, { snapshots, pointers, reporter }, signal)
  setOutputs(outputs, { 'snapshot-id': snapshotId, 'previous-snapshot-id': previousSnapshotId ?? '', changed }, env)
  reporter.summary(
    `## Published snapshot\n\n**${snapshotId}** in ${titles || 'the output alone'}; before: ${previousSnapshotId ?? 'nothing'}.\n`,
  )
}
