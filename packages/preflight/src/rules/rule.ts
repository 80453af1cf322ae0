import type { Finding, Flaw, Severity } from '../finding.ts'
import type { FactName, PreflightSubject } from '../subject/subject.ts'

export interface Rule {
  /** kebab-case; stable, because users look it up and ignore it by this name. */
  readonly id: string
  readonly severity: Severity
  /** What it finds, in one line for the documentation. */
  readonly about: string
  /** Facts from outside the manifests without which it finds nothing. */
  readonly needs?: readonly FactName[]
  readonly find: (subject: PreflightSubject) => readonly Finding[]
}

/** Rules whose findings have one consequence for the user. */
export interface RuleGroup {
  /** The consequence. */
  readonly title: string
  readonly rules: readonly Rule[]
}

interface RuleDefinition<Judged> extends Omit<Rule, 'find'> {
  /** What is judged, one at a time. */
  readonly each: (subject: PreflightSubject) => readonly Judged[]
  readonly judge: (judged: Judged, subject: PreflightSubject) => Flaw | readonly Flaw[] | undefined
}

export function rule<Judged>({ each, judge, ...about }: RuleDefinition<Judged>): Rule {
  const { id, severity } = about
  return {
    ...about,
    find: (subject) =>
      each(subject).flatMap((one) => [judge(one, subject) ?? []].flat().map((found) => ({ rule: id, severity, ...found }))),
  }
}
