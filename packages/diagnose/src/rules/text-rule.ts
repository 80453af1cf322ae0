import type { Evidence } from '../evidence.ts'
import type { Symptom } from '../finding.ts'

/** Evidence → cause → remedy, for what programs say in words of their own. */
export interface TextRule {
  readonly id: string
  readonly symptom: Symptom
  readonly kinds: readonly Evidence['kind'][]
  readonly pattern: RegExp
  readonly cause: string
  readonly remedy: string
  /** `POD`, `NAME` and `SNAPSHOT_ID` are filled in where they are known. */
  readonly check: string
  /** Where the words come from; `believed` where they were not read in a source or a log. */
  readonly source: string
}
