import { isNodeClass, nodeClassOf, type KubernetesObject, type Manifest } from '@prebake/manifests'
import { preflight, ruleGroups, type PreflightPorts } from '@prebake/preflight'
import type { Finding, Symptom } from './finding.ts'
import type { Scene } from './gather-scene.ts'

/** What each group of the preflight's rules leads to; the others harm a rollout, not a start. */
const symptomOf: Readonly<Record<string, Symptom>> = {
  'The nodes are never made': 'pending',
  'The pods find no node': 'pending',
  'The pods never become Ready': 'crashing',
  'The snapshot is not used': 'slow',
  'The start is slow': 'slow',
}

/** The preflight's rules on what is in the cluster, for the symptoms that are there. */
export async function judgePreflight(
  { workload, nodePools, nodeClasses }: Scene,
  symptoms: ReadonlySet<Symptom>,
  ports: PreflightPorts,
  signal: AbortSignal,
): Promise<{ readonly findings: readonly Finding[]; readonly unread: readonly string[] }> {
  const used = nodeClasses.filter((nodeClass) => nodePools.some((pool) => nodeClassOf(pool) === nodeClass.metadata.name))
  const manifests = [...used, ...nodePools, workload].map(liveManifest)
  if (!manifests.some(({ document }) => isNodeClass(document))) return { findings: [], unread: [] }
  const report = await preflight({ manifests }, ports, signal)
  const findings = report.findings.flatMap(({ rule, severity, place, problem, fix }): readonly Finding[] => {
    const title = ruleGroups.find(({ rules }) => rules.some(({ id }) => id === rule))?.title ?? ''
    const symptom = symptomOf[title]
    if (symptom === undefined || !symptoms.has(symptom)) return []
    const evidence = [{ object: place.object, kind: 'status' as const, text: place.field || 'as it is in the cluster' }]
    const cause = problem.charAt(0).toUpperCase() + problem.slice(1)
    return [{ rule, symptom, cause, remedy: fix, check: checkOf(place.object), evidence, certainty: severity === 'error' ? 2 : 1 }]
  })
  return { findings, unread: report.unchecked.map(({ reason, rules }) => `${reason} (not checked: ${rules.join(', ')})`) }
}

/** Without what the API server writes, which no manifest has. */
function liveManifest(object: KubernetesObject): Manifest {
  const { managedFields: _managed, ...metadata } = object.metadata as KubernetesObject['metadata'] & { readonly managedFields?: unknown }
  const { status: _status, ...rest } = object as KubernetesObject & { readonly status?: unknown }
  return { document: { ...rest, metadata }, file: 'the cluster', line: 1 }
}

/** `NodePool vllm` → `kubectl get nodepool vllm -o yaml`. */
function checkOf(object: string): string {
  const [kind = '', name = ''] = object.split(' ')
  const [namespace, plain] = name.includes('/') ? name.split('/') : [undefined, name]
  return `kubectl get ${kind.toLowerCase()} ${plain}${namespace === undefined ? '' : ` -n ${namespace}`} -o yaml`
}
