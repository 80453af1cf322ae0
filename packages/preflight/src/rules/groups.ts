import { machineImage } from './nodes-never-made/machine-image.ts'
import { refusedNodeClass } from './nodes-never-made/refused-node-class.ts'
import { refusedVolume } from './nodes-never-made/refused-volume.ts'
import { unusableSnapshot } from './nodes-never-made/unusable-snapshot.ts'
import { volumeType } from './nodes-never-made/volume-type.ts'
import { failingContainer } from './pods-not-ready/failing-container.ts'
import { gpus } from './pods-not-ready/gpus.ts'
import { missingModel } from './pods-not-ready/missing-model.ts'
import { probes } from './pods-not-ready/probes.ts'
import { unreadableFiles } from './pods-not-ready/unreadable-files.ts'
import { nodeSelection } from './pods-not-scheduled/node-selection.ts'
import { nodeSize } from './pods-not-scheduled/node-size.ts'
import { earlyReady } from './rollout-harm/early-ready.ts'
import { nodeDisruption } from './rollout-harm/node-disruption.ts'
import { nodeLimits } from './rollout-harm/node-limits.ts'
import { sharedModel } from './rollout-harm/shared-model.ts'
import { stuckRollout } from './rollout-harm/stuck-rollout.ts'
import type { Rule, RuleGroup } from './rule.ts'
import { slowPod } from './slow-start/slow-pod.ts'
import { slowVolume } from './slow-start/slow-volume.ts'
import { coveredVolume } from './snapshot-not-used/covered-volume.ts'
import { downloadedModel } from './snapshot-not-used/downloaded-model.ts'
import { modelFormat } from './snapshot-not-used/model-format.ts'
import { nodeClassKind } from './snapshot-not-used/node-class-kind.ts'
import { pulledImage } from './snapshot-not-used/pulled-image.ts'
import { wrongNodes } from './snapshot-not-used/wrong-nodes.ts'
import { unprovenSnapshot } from './unproven-snapshot.ts'

/** Every rule, by what goes wrong; docs/preflight.md lists them in this order. */
export const ruleGroups: readonly RuleGroup[] = [
  {
    title: 'The nodes are never made',
    rules: [...unusableSnapshot, ...volumeType, ...refusedVolume, ...refusedNodeClass, ...machineImage],
  },
  { title: 'The pods find no node', rules: [...nodeSelection, ...nodeSize] },
  { title: 'The pods never become Ready', rules: [...failingContainer, ...gpus, ...missingModel, ...unreadableFiles, ...probes] },
  {
    title: 'The snapshot is not used',
    rules: [...nodeClassKind, ...wrongNodes, ...coveredVolume, ...pulledImage, ...downloadedModel, ...modelFormat],
  },
  { title: 'The snapshot is not known to work', rules: unprovenSnapshot },
  { title: 'The start is slow', rules: [...slowVolume, ...slowPod] },
  {
    title: 'The rollout gets stuck, or harms what serves',
    rules: [...nodeLimits, ...stuckRollout, ...earlyReady, ...nodeDisruption, ...sharedModel],
  },
]

export const allRules: readonly Rule[] = ruleGroups.flatMap(({ rules }) => rules)

/** Those that judge pods. */
export const podRules: readonly Rule[] = [
  ...nodeSelection,
  ...nodeSize,
  ...failingContainer,
  ...gpus,
  ...missingModel,
  ...unreadableFiles,
  ...probes,
  ...pulledImage,
  ...downloadedModel,
  ...modelFormat,
  ...slowPod,
  ...earlyReady,
  ...sharedModel,
]
