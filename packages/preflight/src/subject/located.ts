import { groupOf, placeOf, type KubernetesObject } from '@prebake/manifests'
import { valueOf, type Fact } from '../ports/fact.ts'
import { remember } from './remember.ts'
import type { PreflightSubject } from './subject.ts'

/** An object or a part of one, and where it comes from. */
export interface Located {
  readonly object: KubernetesObject
  /** The part's path in the object, `spec.template.spec`; empty for the object as a whole. */
  readonly path: string
  /** `deploy/vllm/nodepool.yaml:3`; `the cluster` where no manifest has the object. */
  readonly source: string
  /** Whether it was read from the cluster. */
  readonly live: boolean
}

const locationsIn = remember((manifests: PreflightSubject['manifests']) =>
  manifests.map((manifest): Located => ({ object: manifest.document, path: '', source: placeOf(manifest), live: false })),
)

export function manifestLocations({ manifests }: Pick<PreflightSubject, 'manifests'>): readonly Located[] {
  return locationsIn(manifests)
}

/** The manifests of a kind in a group, whatever the version. */
export function manifestsOf(subject: Pick<PreflightSubject, 'manifests'>, group: string, kind: string): readonly Located[] {
  return manifestLocations(subject).filter(({ object }) => object.kind === kind && groupOf(object) === group)
}

/** The objects among these facts that were found. */
export function liveOf(facts: Readonly<Record<string, Fact<KubernetesObject | undefined>>>): readonly Located[] {
  return Object.values(facts).flatMap((fact) => {
    const object = valueOf(fact)
    return object === undefined ? [] : [fromCluster(object)]
  })
}

export function fromCluster(object: KubernetesObject): Located {
  return { object, path: '', source: 'the cluster', live: true }
}
