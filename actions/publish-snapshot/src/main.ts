import { readInputs, setOutputs, type ActionContext } from '@prebake/action-kit'
import type { Publication } from '@prebake/snapshot'
import { gatherPointers } from './gather-pointers.ts'
import { inputs, outputs } from './inputs.ts'

/** Reads the inputs, gathers the pointers, publishes (or only probes), and hands on what was published before. */
export async function main({ env, signal, reporter }: ActionContext): Promise<void> {
  const given = readInputs(inputs)
  const { snapshotId, allowUnverified } = given
  const isProbe = given.probe || snapshotId === undefined
  if (!isProbe) reporter.info(`Publish ${snapshotId}`)
  const pointers = await gatherPointers(given, env)
  const titles = pointers.map(({ title }) => title).join(' and ')
  const { PartialPublication, probePointers, publishSnapshot } = await import('@prebake/snapshot')

  if (isProbe) {
    await probePointers(pointers, signal)
    return reporter.info(titles === '' ? 'Nothing to probe: neither variable nor file is to be written' : `May be written: ${titles}`)
  }

  const { connectAws } = await import('@prebake/aws')
  const { snapshots } = await connectAws({ region: given.awsRegion ?? '' })
  try {
    const publication = await publishSnapshot({ snapshotId, allowUnverified }, { snapshots, pointers, reporter }, signal)
    handOn(publication)
    reporter.summary(
      `## Published snapshot\n\n**${snapshotId}** in ${titles || 'the output alone'}; before: ${publication.previousSnapshotId ?? 'nothing else'}.\n`,
    )
  } catch (error) {
    // What was written before the failure is published: whoever goes back needs the same outputs.
    if (error instanceof PartialPublication) handOn(error.publication)
    throw error
  }
}

function handOn({ snapshotId, previousSnapshotId, changed }: Publication): void {
  setOutputs(outputs, { 'snapshot-id': snapshotId, 'previous-snapshot-id': previousSnapshotId ?? '', changed })
}
