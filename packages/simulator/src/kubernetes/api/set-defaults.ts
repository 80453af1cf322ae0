import type { Deployment, KubeObject, NodePool, Pod, StatefulSet } from '../objects.ts'

/** Fills in place what the API server (and the CRD's schema) fills in, as far as something here reads it. */
export function setDefaults(object: KubeObject): void {
  if (object.kind === 'Pod') {
    const pod = object as Pod
    pod.status ??= { phase: 'Pending' }
  }
  if (object.kind === 'Deployment') {
    const { spec } = object as Deployment
    spec.replicas ??= 1
    spec.progressDeadlineSeconds ??= 600
    spec.strategy ??= { type: 'RollingUpdate' }
    spec.strategy.type ??= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      const given = spec.strategy.rollingUpdate
      spec.strategy.rollingUpdate = { maxSurge: given?.maxSurge ?? '25%', maxUnavailable: given?.maxUnavailable ?? '25%' }
    }
  }
  if (object.kind === 'StatefulSet') {
    const { spec } = object as StatefulSet
    spec.replicas ??= 1
    spec.podManagementPolicy ??= 'OrderedReady'
    spec.updateStrategy ??= { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }
  }
  if (object.kind === 'NodePool') {
    const { spec } = object as NodePool
    spec.disruption = {
      ...spec.disruption,
      consolidationPolicy: spec.disruption?.consolidationPolicy ?? 'WhenEmptyOrUnderutilized',
      consolidateAfter: spec.disruption?.consolidateAfter ?? '0s',
      budgets: spec.disruption?.budgets ?? [{ nodes: '10%' }],
    }
    spec.template.spec.expireAfter ??= '720h'
  }
}
