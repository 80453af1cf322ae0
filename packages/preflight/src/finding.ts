import type { FilePlace } from '@prebake/kernel'
import type { FactName, PreflightSubject } from './subject/subject.ts'

/** An error can never work as it stands; a warning costs time or safety, and the user may have reasons. */
export type Severity = 'error' | 'warning'

/** Where a fault is. */
export interface Place {
  /** `deploy/vllm/nodepool.yaml:3`, or `the cluster` for an object that no manifest has. */
  readonly source: string
  /** `NodePool vllm`. */
  readonly object: string
  /** `spec.template.spec.requirements`; empty for the object as a whole. */
  readonly field: string
}

/** What a rule says against a field. */
export interface Fault {
  readonly place: Place
  /** What is wrong, as a sentence. */
  readonly reason: string
  /** The change that mends it, as a sentence. */
  readonly remedy: string
}

export interface Finding extends Fault {
  /** The rule's ID. */
  readonly rule: string
  readonly severity: Severity
}

export interface Rule {
  /** kebab-case; stable, since users look it up. */
  readonly id: string
  readonly severity: Severity
  /** What it finds, in one line for the documentation. */
  readonly about: string
  /** Facts from outside the manifests without which it finds nothing. */
  readonly needs?: readonly FactName[]
  readonly judge: (subject: PreflightSubject) => readonly Fault[]
}

/** `deploy/vllm/nodepool.yaml:3 NodePool vllm spec.limits`. */
export function formatPlace({ source, object, field }: Place): string {
  return [source, object, field].filter(Boolean).join(' ')
}

/** For an annotation; undefined where no manifest has the object. */
export function filePlaceOf({ source }: Place): FilePlace | undefined {
  const [, file, line] = /^(.+):(\d+)$/.exec(source) ?? []
  return file === undefined ? undefined : { file, line: Number(line) }
}
