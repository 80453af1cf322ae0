import type { MarkId } from './mark.ts'
import { unattributed, type PhaseId } from './phases.ts'

/** Facts that decide which phase a gap belongs to. */
export interface StartFacts {
  readonly newNode: boolean
  readonly requestsGpu: boolean
  readonly hasInitContainers: boolean
  readonly restarted: boolean
}

interface Gap {
  readonly phase: PhaseId
  readonly from: MarkId
  readonly to: MarkId
  readonly where?: (facts: StartFacts) => boolean
}

/** Gaps that are not in this list stay unattributed: a missing mark is not a reason to stretch its neighbour's phase. */
const gaps: readonly Gap[] = [
  { phase: 'scale.request', from: 'scale.sent', to: 'scale.answered' },
  { phase: 'controller.create', from: 'scale.answered', to: 'pod.created' },
  { phase: 'controller.create', from: 'scale.sent', to: 'pod.created' },
  { phase: 'karpenter.decide', from: 'pod.created', to: 'nominated' },
  { phase: 'nodeclaim.launch', from: 'nominated', to: 'launched' },
  { phase: 'ec2.boot', from: 'launched', to: 'registered' },
  { phase: 'node.ready', from: 'registered', to: 'node.ready' },
  { phase: 'gpu.allocatable', from: 'node.ready', to: 'gpu.allocatable' },
  { phase: 'pod.bind', from: 'gpu.allocatable', to: 'bound' },
  { phase: 'pod.bind', from: 'node.ready', to: 'bound', where: ({ requestsGpu }) => !requestsGpu },
  { phase: 'pod.bind', from: 'pod.created', to: 'bound', where: ({ newNode }) => !newNode },
  { phase: 'kubelet.accept', from: 'bound', to: 'accepted' },
  { phase: 'sandbox', from: 'accepted', to: 'sandbox.ready' },
  { phase: 'sandbox', from: 'accepted', to: 'pulling', where: ({ hasInitContainers }) => !hasInitContainers },
  { phase: 'sandbox', from: 'sandbox.ready', to: 'pulling', where: ({ hasInitContainers }) => !hasInitContainers },
  { phase: 'init', from: 'sandbox.ready', to: 'initialized' },
  { phase: 'init', from: 'sandbox.ready', to: 'pulling', where: ({ hasInitContainers }) => hasInitContainers },
  { phase: 'init', from: 'initialized', to: 'pulling' },
  { phase: 'image', from: 'pulling', to: 'pulled' },
  { phase: 'container.create', from: 'pulled', to: 'started' },
  { phase: 'container.restart', from: 'started', to: 'restarted', where: ({ restarted }) => restarted },
  { phase: 'python.import', from: 'restarted', to: 'log.first' },
  { phase: 'python.import', from: 'started', to: 'log.first', where: ({ restarted }) => !restarted },
]

/** The phase between two neighbouring marks. */
export function phaseBetween(from: MarkId, to: MarkId, facts: StartFacts): PhaseId {
  return gaps.find((gap) => gap.from === from && gap.to === to && (gap.where?.(facts) ?? true))?.phase ?? unattributed
}

/** The phase under way after a mark: the first one that begins there. Undefined if none does. */
export function phaseAfter(from: MarkId, facts: StartFacts): PhaseId | undefined {
  return gaps.find((gap) => gap.from === from && (gap.where?.(facts) ?? true))?.phase
}
