import { crashing } from './crashing.ts'
import type { Expectation } from './expectation.ts'
import { notStarting } from './not-starting.ts'
import { probed } from './probed.ts'
import { serving } from './serving.ts'

export const expectations: readonly Expectation[] = [...serving, ...notStarting, ...crashing, ...probed]
