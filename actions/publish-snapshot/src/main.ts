import { readInputs, setOutputs, type ActionContext } from '@prebake/action-kit'
import type { Publication } from '@prebake/snapshot'
import { gatherPointers } from './gather-pointers.ts'
import { inputs, outputs } from './inputs.ts'

/** Reads the inputs, gathers the pointers, publishes (or only probes), and outputs what was published before. */
export async function main({ env, signal, reporter }: ActionContext): Promise<void> {
  const given = readInputs(inputs)
  const { snapshotId, allowUnverified } = given
  const isProbe = given.probe || snapshotId === undefined
  if (!isProbe) reporter.info(`Publish ${snapshotId}`)
  const { pointers, proposal } = await gatherPointers(given, env)
  const titles = pointers.map(({ title }) => title).join(' and ')
  const { PartialPublication, probePointers, publishSnapshot } = await import('@prebake/snapshot')

  if (isProbe) {
    await probePointers(pointers, signal)
    return reporter.info(titles === '' ? 'Nothing to probe: neither a variable nor a file would be written' : `Writable: ${titles}`)
  }

  const { connectAws } = await import('@prebake/aws')
  const { snapshots } = await connectAws({ region: given.awsRegion ?? '' })
  try {
    const publication = await publishSnapshot({ snapshotId, allowUnverified }, { snapshots, pointers, reporter }, signal)
    publishOutputs(publication, proposal?.url())
    if (proposal?.url() !== undefined) reporter.info(`Proposed in ${proposal.url()}`)
    reporter.summary(
      `## Published snapshot\n\n**${snapshotId}** in ${titles || 'the output only'}; previously ${publication.previousSnapshotId ?? 'none'}.${proposal?.url() ? ` ${proposal.url()}` : ''}\n`,
    )
  } catch (error) {
    // The writes before the failure are published, so a rollback needs the same outputs.
    if (error instanceof PartialPublication) publishOutputs(error.publication, proposal?.url())
    throw error
  }
}

function publishOutputs({ snapshotId, previousSnapshotId, changed }: Publication, pullRequestUrl = ''): void {
  setOutputs(outputs, {
    'snapshot-id': snapshotId,
    'previous-snapshot-id': previousSnapshotId ?? '',
    changed,
    'pull-request-url': pullRequestUrl,
  })
}
