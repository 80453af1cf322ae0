import type { Problem } from '@prebake/kernel'
import type { VariableSources } from '@prebake/manifests'
import { findContradiction, isSnapshotVariable, snapshotVariables, valuesOf, type SnapshotVariable } from '@prebake/snapshot-record'
import type { ApplyErrorCode } from './error-codes.ts'
import type { FoundSnapshot } from './find-snapshot.ts'
import type { ApplyInputs } from './inputs.ts'

export interface Variables extends Required<Omit<VariableSources, 'onDoubt' | 'onNumber'>> {
  readonly values: Readonly<Record<string, string>>
  /** What is wrong with the snapshot or with a value, whatever the manifests are. */
  readonly problems: readonly Problem[]
}

interface ApplyProblem extends Problem {
  readonly code: ApplyErrorCode
}

/** Whether one of these names is that of a variable that follows from the snapshot. */
export const needsSnapshot = (used: ReadonlySet<string>): boolean => [...used].some(isSnapshotVariable)

/**
 * What is filled into the manifests: what was given, and what follows from the snapshot and from the name of the cluster.
 * @param used the variables' names in the manifests. Where the snapshot is the one cause why several have no value, that is one problem, and they get some
 *   value.
 */
export function readVariables(
  { variables, clusterName }: Pick<ApplyInputs, 'variables' | 'clusterName'>,
  snapshot: FoundSnapshot | undefined,
  used: ReadonlySet<string>,
): Variables {
  const record = snapshot?.record
  const values = {
    ...(clusterName === undefined ? {} : { CLUSTER_NAME: clusterName }),
    ...(record === undefined ? {} : valuesOf(record, snapshot?.volumeSizeGiB ?? 0)),
    ...variables,
    ...(snapshot === undefined ? {} : { SNAPSHOT_ID: snapshot.snapshotId }),
  }
  const missing = [...used].filter((name) => (name === 'SNAPSHOT_ID' || isSnapshotVariable(name)) && !Object.hasOwn(values, name))
  const absent = absentSnapshot(missing, snapshot)
  const remedies = Object.keys(snapshotVariables).map((name) => [name, remedyFor(name as SnapshotVariable, snapshot)])
  return {
    values: absent.length === 0 ? values : { ...Object.fromEntries(missing.map((name) => [name, 'unknown'])), ...values },
    inputs: { SNAPSHOT_ID: 'snapshot-id', ...Object.fromEntries(Object.keys(variables).map((name) => [name, 'variables'])) },
    remedies: { ...Object.fromEntries(remedies), CLUSTER_NAME: 'Give `cluster-name`, or it under `variables`' },
    problems: [...absent, ...contradictions(variables, snapshot)],
  }
}

/** One problem in place of one for each variable that the snapshot would give. */
function absentSnapshot(missing: readonly string[], snapshot: FoundSnapshot | undefined): readonly ApplyProblem[] {
  const names = missing.map((name) => `\`\${${name}}\``).join(', ')
  const input = 'snapshot-id'
  if (snapshot === undefined) {
    if (!missing.includes('SNAPSHOT_ID')) return []
    const remedy =
      'Give the ID from build-snapshot. A variable such as `vars.VLLM_SNAPSHOT_ID` is empty before the first build is published.'
    return [{ code: 'snapshot-not-given', input, wrong: `is empty, and the manifests use ${names}.`, remedy }]
  }
  if (snapshot.unread === undefined || missing.length === 0) return []
  const wrong = `${snapshot.snapshotId} ${snapshot.unread} The manifests use ${names}, which its tags would give.`
  return [{ code: 'snapshot-unreadable', input, wrong, remedy: 'Let the job read snapshots, or give these under `variables`.' }]
}

function contradictions(variables: ApplyInputs['variables'], snapshot: FoundSnapshot | undefined): readonly ApplyProblem[] {
  const record = snapshot?.record
  if (record === undefined) return []
  return Object.entries(variables).flatMap(([name, value]): ApplyProblem[] => {
    const baked = isSnapshotVariable(name) ? findContradiction(name, value, record) : undefined
    if (baked === undefined) return []
    const wrong = `\`${name}\` is \`${value}\`, and ${snapshot?.snapshotId} has \`${baked}\`.`
    const remedy = 'Remove the line, so that the snapshot gives the value; or give the snapshot that has it.'
    return [{ code: 'variable-contradicts-snapshot', input: 'variables', wrong, remedy }]
  })
}

function remedyFor(name: SnapshotVariable, snapshot: FoundSnapshot | undefined): string {
  const byHand = 'give it under `variables`'
  const what = snapshotVariables[name]
  if (snapshot === undefined) return `It is ${what}, and comes with \`snapshot-id\`: give that, or ${byHand}`
  const { snapshotId, record } = snapshot
  if (record === undefined) return `It is ${what}, and ${snapshotId} has no tags of prebake that say it: ${byHand}`
  const images = record.images.map(({ name: image }) => `\`${image}\``).join(', ')
  const has =
    name === 'VLLM_IMAGE' && images !== ''
      ? `of several images, ${images}, ${snapshotId} does not say which it is`
      : `${snapshotId} has none`
  return `It is ${what}, and ${has}: ${byHand}`
}
