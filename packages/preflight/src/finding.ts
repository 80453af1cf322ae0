import type { FilePlace } from '@prebake/kernel'
import { titleOf } from '@prebake/manifests'
import type { Located } from './subject/located.ts'

/** An error cannot work as it stands, or leaves the snapshot unused; a warning costs time, money or safety, and the user may have reasons. */
export type Severity = 'error' | 'warning'

export interface Place {
  /** `deploy/vllm/nodepool.yaml:3`, or `the cluster` for an object that no manifest has. */
  readonly source: string
  /** `NodePool vllm`. */
  readonly object: string
  /** `spec.template.spec.requirements`; empty for the object as a whole. */
  readonly field: string
}

export interface Finding {
  /** The rule's ID. */
  readonly rule: string
  readonly severity: Severity
  readonly place: Place
  /** What is wrong, as a sentence. */
  readonly problem: string
  /** The change that fixes it, as a sentence. */
  readonly fix: string
}

/** A finding before its rule is known. */
export type Flaw = Pick<Finding, 'place' | 'problem' | 'fix'>

/** @param field below the located part: `ebs.iops`; empty for the part itself. */
export function flaw({ source, object, path }: Located, field: string, problem: string, fix: string): Flaw {
  return { place: { source, object: titleOf(object), field: [path, field].filter(Boolean).join('.') }, problem, fix }
}

/** `deploy/vllm/nodepool.yaml:3 NodePool vllm spec.limits`. */
export function formatPlace({ source, object, field }: Place): string {
  return [source, object, field].filter(Boolean).join(' ')
}

/** What a rule could not judge, because it is in a form that the rule does not know. */
export interface Unjudged {
  /** `deploy/deployment.yaml:3 Deployment default/vllm spec.template.spec.containers[0].env: HF_HOME comes from a ConfigMap`. */
  readonly unjudged: string
}

/** @param reason what is not known, as a sentence without its full stop. */
export function unjudged(located: Located, field: string, reason: string): Unjudged {
  return { unjudged: `${formatPlace(flaw(located, field, '', '').place)}: ${reason}` }
}

/** For an annotation; undefined where no manifest has the object. */
export function filePlaceOf({ source }: Place): FilePlace | undefined {
  const [, file, line] = /^(.+):(\d+)$/.exec(source) ?? []
  return file === undefined ? undefined : { file, line: Number(line) }
}

/** `deploy/vllm/nodepool.yaml:1 NodePool vllm spec.limits: … Set at least 4. [limits-without-surge]`. */
export function formatFinding({ rule, place, problem, fix }: Finding): string {
  return `${formatPlace(place)}: ${problem} ${fix} [${rule}]`
}
