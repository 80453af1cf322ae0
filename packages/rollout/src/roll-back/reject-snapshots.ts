import { CancelledError, messageOf, PrebakeError, type Reporter } from '@prebake/kernel'
import { isNodeClass, isNodePool, nodeClassKind, nodeClassOf, snapshotVolumesOf, type KubernetesObject } from '@prebake/manifests'
import type { SnapshotPointer } from '@prebake/snapshot-record'
import { describeSnapshotFault, type SnapshotFault } from '../explain/snapshot-fault.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { FailedRollout, WorkloadFailure } from '../rollout-errors.ts'

/**
 * The verdict on the snapshots of a rollout that failed. One that is at fault, and that did not serve before, is rejected, and the pointer goes back to
 * the one from before, so that the next rollout does not take it again. Any other cause says nothing about a snapshot: tags and pointer stay, so that a
 * re-run rolls out the same. What cannot be done is a warning, because the rollout's own error is the one to report.
 * @param cause why the rollout failed.
 * @param ended what is to be thrown, with what became of the rollout.
 * @returns `ended`, and where there is a verdict with that and with the way back.
 */
export async function judgeSnapshots(
  cause: unknown,
  ended: unknown,
  planned: readonly PlannedApply[],
  run: string,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted || ended instanceof CancelledError) return ended
  const fault = cause instanceof WorkloadFailure ? cause.snapshotFault : undefined
  if (fault === undefined) return unblamed(ended, planned, ports)
  let outcome: Verdict = {
    line: describeSnapshotFault(fault),
    hint: rebuild,
  }
  await warnOnFailure(ports.reporter, 'No snapshot was rejected', async () => {
    const former = await formerSnapshots(planned, ports.cluster, signal)
    if (!former.includes(fault.snapshotId)) outcome = await reject(fault, former, run, ports, signal)
  })
  return withVerdict(ended, outcome)
}

const rebuild = 'Build the snapshot again (build-snapshot with `rebuild: true`), and roll that out.'

interface Verdict {
  readonly line: string
  readonly hint?: string
}

async function reject(
  fault: SnapshotFault,
  former: readonly string[],
  run: string,
  { reporter, verdicts, pointer }: RollOutPorts,
  signal: AbortSignal,
): Promise<Verdict> {
  const id = fault.snapshotId
  if (verdicts === undefined) return { line: describeSnapshotFault(fault), hint: rebuild }
  let rejected = false
  await warnOnFailure(reporter, `${id} was not tagged as rejected`, async () => {
    await verdicts.reject(id, `rollout ${run}: ${fault.cause}: ${fault.evidence}`, signal)
    rejected = true
    reporter.info(`${id} tagged as rejected (${fault.cause})`)
  })
  if (pointer !== undefined)
    await warnOnFailure(reporter, `${pointer.title} was not reset`, () => resetPointer(pointer, { former, rejected: id }, reporter, signal))
  if (!rejected) return { line: describeSnapshotFault(fault), hint: rebuild }
  return {
    line: `${describeSnapshotFault(fault)} It is tagged \`prebake:rejected\`: no build, no publication and no rollout takes it again.`,
    hint: `${rebuild} If the snapshot is not to blame, take the rejection back: run this action once with \`snapshot-id: ${id}\` and \`clear-rejection: true\`.`,
  }
}

function unblamed(ended: unknown, planned: readonly PlannedApply[], { verdicts }: RollOutPorts): unknown {
  const former = new Set(planned.flatMap(({ before }) => (before && isNodePool(before) ? (nodeClassOf(before) ?? []) : [])))
  const classes = planned.filter(
    ({ manifest: { document }, changes }) => isNodeClass(document) && (changes || !former.has(document.metadata.name)),
  )
  const before = new Set(classes.flatMap((each) => (former.has(each.manifest.document.metadata.name) ? snapshotsOf(each.before) : [])))
  const fresh = classes.flatMap(({ manifest }) => snapshotsOf(manifest.document)).filter((id) => !before.has(id))
  if (verdicts === undefined || fresh.length === 0 || !(ended instanceof FailedRollout)) return ended
  return withVerdict(ended, { line: `Nothing here speaks against ${[...new Set(fresh)].join(', ')}: not rejected.` })
}

function withVerdict(error: unknown, { line, hint }: Verdict): unknown {
  if (!(error instanceof PrebakeError)) return error
  const message = `${error.message}\n${line}`
  // What ends a failed rollback comes first.
  const ends = error instanceof FailedRollout && error.errorCode === 'rollback-failed' ? error.hint : undefined
  const remedy = [ends, hint].filter(Boolean).join(' ') || error.hint
  const { cause, trouble } = error
  const options = { trouble, ...(cause !== undefined && { cause }), ...(remedy !== undefined && { hint: remedy }) }
  if (error instanceof FailedRollout) return new FailedRollout(message, { ...options, code: error.errorCode, reason: error.reason })
  if (error instanceof WorkloadFailure)
    return new WorkloadFailure(message, { ...options, code: error.errorCode, snapshotFault: error.snapshotFault })
  return error
}

/** The snapshots of the NodeClasses that the NodePools referred to before. */
async function formerSnapshots(
  planned: readonly PlannedApply[],
  cluster: RollOutPorts['cluster'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = new Set(planned.flatMap(({ before }) => (before && isNodePool(before) ? (nodeClassOf(before) ?? []) : [])))
  const former: string[] = []
  for (const name of names) {
    const before = planned.find(({ manifest: { document } }) => isNodeClass(document) && document.metadata.name === name)?.before
    former.push(...snapshotsOf(before ?? (await cluster.get({ ...nodeClassKind, name }, signal))))
  }
  return [...new Set(former)]
}

async function resetPointer(
  pointer: SnapshotPointer,
  { former, rejected }: { readonly former: readonly string[]; readonly rejected: string },
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const now = await pointer.read(signal)
  const [only, ...others] = former
  if (now !== rejected) return reporter.info(`${pointer.title} points to ${now ?? 'nothing'}; left unchanged`)
  if (only === undefined || others.length > 0) {
    return reporter.warning(`${pointer.title} still points to ${now}: there was not exactly one snapshot before. Set it by hand.`)
  }
  await pointer.write(only, signal)
  reporter.info(`${pointer.title}: ${now} → ${only}`)
}

async function warnOnFailure(reporter: Reporter, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    reporter.warning(`${what}: ${messageOf(error)}`)
  }
}

function snapshotsOf(nodeClass: KubernetesObject | undefined): readonly string[] {
  return nodeClass === undefined ? [] : snapshotVolumesOf(nodeClass).map(({ snapshotId }) => snapshotId)
}
