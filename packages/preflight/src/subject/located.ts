import { type KubernetesObject, type Manifest, placeOf, titleOf } from '@prebake/manifests'
import { valueOf, type Fact } from '../ports/fact.ts'
import type { Fault } from '../finding.ts'
import type { PreflightSubject } from './subject.ts'

/** An object, and where it is from. */
export interface Located {
  readonly object: KubernetesObject
  /** `deploy/vllm/nodepool.yaml:3`; `the cluster` where no manifest has it. */
  readonly source: string
  readonly live: boolean
}

/** The manifests of a kind in a group, whatever the version. */
export function manifestsOf({ manifests }: Pick<PreflightSubject, 'manifests'>, group: string, kind: string): readonly Located[] {
  const isOf = ({ document }: Manifest) => document.kind === kind && groupOf(document) === group
  return manifests.filter(isOf).map((manifest) => ({ object: manifest.document, source: placeOf(manifest), live: false }))
}

/** What was read from the cluster of the things that no manifest has. */
export function liveOf(facts: Readonly<Record<string, Fact<KubernetesObject | undefined>>>): readonly Located[] {
  return Object.values(facts).flatMap((fact) => {
    const object = valueOf(fact)
    return object === undefined ? [] : [fromCluster(object)]
  })
}

export function fromCluster(object: KubernetesObject): Located {
  return { object, source: 'the cluster', live: true }
}

/** A fault of one field. @param field path in the object: `spec.limits`. */
export function faultAt({ source, object }: Located, field: string, reason: string, remedy: string): Fault {
  return { place: { source, object: titleOf(object), field }, reason, remedy }
}

function groupOf({ apiVersion }: KubernetesObject): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}
