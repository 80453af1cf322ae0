import { capacityRules } from './capacity-rules.ts'
import { clusterRules } from './cluster-rules.ts'
import type { Rule } from '../finding.ts'
import { imageRules } from './image-rules.ts'
import { nodeClassRules } from './node-class-rules.ts'
import { nodePoolRules } from './node-pool-rules.ts'
import { podRules } from './pod-rules.ts'
import { snapshotRules } from './snapshot-rules.ts'
import { vllmRules } from './vllm-rules.ts'
import { volumeRules } from './volume-rules.ts'

/** Every rule; docs/preflight.md lists them in this order. */
export const rules: readonly Rule[] = [
  ...snapshotRules,
  ...nodeClassRules,
  ...volumeRules,
  ...imageRules,
  ...podRules,
  ...vllmRules,
  ...capacityRules,
  ...nodePoolRules,
  ...clusterRules,
]
