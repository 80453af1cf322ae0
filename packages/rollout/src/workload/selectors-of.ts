import { textsByName, type KubernetesObject } from '@prebake/manifests'
import { findWorkloadKind } from './find-workload-kind.ts'

/** The node labels that a workload's pods select: one selector for each of its pod templates. */
export function selectorsOf(workload: KubernetesObject): readonly Readonly<Record<string, string>>[] {
  const specs = findWorkloadKind(workload)?.podSpecs(workload) ?? []
  return specs.map((spec) => textsByName(spec['nodeSelector']))
}
