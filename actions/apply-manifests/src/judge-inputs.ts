import { documentLink, nearestName, type Problem } from '@prebake/kernel'
import { allRules } from '@prebake/preflight'
import type { ApplyErrorCode } from './error-codes.ts'

export interface JudgedInputs {
  readonly mode: string
  readonly dryRun: boolean
  readonly snapshotId: string | undefined
  readonly snapshotTags: Readonly<Record<string, string>>
  readonly variables: Readonly<Record<string, string>>
  readonly ignoreRules: readonly string[]
  readonly clearRejection: boolean
}

interface ApplyProblem extends Problem {
  readonly code: ApplyErrorCode
}

/** What is wrong between inputs that are each right. */
export function judgeInputs(given: JudgedInputs): readonly Problem[] {
  return [...judgeSnapshot(given), ...judgeMode(given), ...judgeRejection(given), ...judgeRules(given)]
}

/** A snapshot is given once, and tags choose only where none is. */
function judgeSnapshot({ snapshotId, snapshotTags, variables }: JudgedInputs): readonly ApplyProblem[] {
  const problems: ApplyProblem[] = []
  if (snapshotId !== undefined && Object.hasOwn(variables, 'SNAPSHOT_ID')) {
    const wrong = '`SNAPSHOT_ID` is given, and `snapshot-id` too.'
    problems.push({ code: 'snapshot-given-twice', input: 'variables', wrong, remedy: 'Remove one of the two.' })
  }
  if (Object.keys(snapshotTags).length > 0 && snapshotId !== 'latest') {
    const wrong = 'choose among snapshots, but `snapshot-id` is not `latest`.'
    problems.push({ code: 'tags-without-latest', input: 'snapshot-tags', wrong, remedy: 'Set `snapshot-id: latest`, or remove them.' })
  }
  return problems
}

function judgeMode({ mode, dryRun }: JudgedInputs): readonly ApplyProblem[] {
  if (!dryRun || mode === 'apply') return []
  const wrong = `has no effect with \`mode: ${mode}\`, which changes nothing.`
  return [{ code: 'dry-run-without-apply', input: 'dry-run', wrong, remedy: 'Remove it.' }]
}

/** A rejection is taken back of one snapshot that was named by its ID: `latest` never finds one that is rejected. */
function judgeRejection({ clearRejection, snapshotId, mode, dryRun }: JudgedInputs): readonly ApplyProblem[] {
  if (!clearRejection) return []
  const problem = (code: ApplyErrorCode, wrong: string, remedy: string) => [{ code, input: 'clear-rejection', wrong, remedy }]
  if (snapshotId === undefined || snapshotId === 'latest')
    return problem('clear-rejection-without-snapshot', 'needs the ID of a snapshot.', 'Give it under `snapshot-id`.')
  if (mode === 'apply' && !dryRun) return []
  return problem('clear-rejection-without-apply', 'changes a tag of the snapshot, and this run changes nothing.', 'Remove it, or apply.')
}

function judgeRules({ ignoreRules }: JudgedInputs): readonly ApplyProblem[] {
  const known = allRules.map(({ id }) => id)
  return ignoreRules.flatMap((name): ApplyProblem[] => {
    if (known.includes(name)) return []
    const nearest = nearestName(name, known)
    const remedy = nearest === undefined ? `${documentLink('docs/preflight.md')} lists the rules.` : `Did you mean \`${nearest}\`?`
    return [{ code: 'rule-unknown', input: 'ignore-rules', wrong: `\`${name}\` is not a rule of the preflight.`, remedy }]
  })
}
