import type { PhaseId } from './phases.ts'

/** Phases that wait for the same part of the system, in the order of a start. */
export const phaseGroups = [
  { id: 'request', name: 'request' },
  { id: 'capacity', name: 'capacity' },
  { id: 'boot', name: 'boot' },
  { id: 'node', name: 'node' },
  { id: 'pod', name: 'pod' },
  { id: 'image', name: 'image' },
  { id: 'python', name: 'python' },
  { id: 'weights', name: 'weights' },
  { id: 'engine', name: 'compile, graphs' },
  { id: 'server', name: 'server, probe' },
  { id: 'unattributed', name: 'unattributed' },
] as const

export type PhaseGroupId = (typeof phaseGroups)[number]['id']

const groups: Readonly<Record<PhaseId, PhaseGroupId>> = {
  'scale.request': 'request',
  'controller.create': 'request',
  'karpenter.decide': 'capacity',
  'nodeclaim.launch': 'capacity',
  'ec2.boot': 'boot',
  'node.ready': 'node',
  'gpu.allocatable': 'node',
  'pod.bind': 'pod',
  'kubelet.accept': 'pod',
  sandbox: 'pod',
  init: 'pod',
  image: 'image',
  'container.create': 'pod',
  'container.restart': 'python',
  'python.import': 'python',
  'api.config': 'python',
  'engine.spawn': 'python',
  'model.init': 'weights',
  'model.load': 'weights',
  'weights.download': 'weights',
  'weights.read': 'weights',
  'weights.post': 'weights',
  compile: 'engine',
  'kv.profile': 'engine',
  'kernels.warmup': 'engine',
  'graphs.capture': 'engine',
  'engine.other': 'engine',
  'server.start': 'server',
  failure: 'server',
  'probe.slack': 'server',
  unattributed: 'unattributed',
}

export function groupOf(phase: PhaseId): PhaseGroupId {
  return groups[phase]
}
