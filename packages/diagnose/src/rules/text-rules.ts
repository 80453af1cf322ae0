import { crashingRules } from './crashing-rules.ts'
import { pendingRules } from './pending-rules.ts'
import { slowRules } from './slow-rules.ts'
import type { TextRule } from './text-rule.ts'

/** Of the rules of one symptom the first that a line fits counts: what is more specific stands before what is more general. */
export const textRules: readonly TextRule[] = [...crashingRules, ...pendingRules, ...slowRules]
