import type { Finding, Flaw, Severity, Unjudged } from '../finding.ts'
import type { FactName, PreflightSubject } from '../subject/subject.ts'

export interface Rule {
  /** kebab-case; stable, because users look it up and ignore it by this name. */
  readonly id: string
  readonly severity: Severity
  /** What it finds, in one line for the documentation. */
  readonly about: string
  /** Facts from outside the manifests without which it finds nothing. */
  readonly needs?: readonly FactName[]
  readonly find: (subject: PreflightSubject) => RuleResult
}

export interface RuleResult {
  readonly findings: readonly Finding[]
  /** What it could not judge. */
  readonly unjudged: readonly string[]
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
  readonly judge: (judged: Judged, subject: PreflightSubject) => Flaw | Unjudged | readonly (Flaw | Unjudged)[] | undefined
}

export function rule<Judged>({ each, judge, ...about }: RuleDefinition<Judged>): Rule {
  const { id, severity } = about
  return {
    ...about,
    find: (subject) => {
      const results = each(subject).flatMap((one) => [judge(one, subject) ?? []].flat())
      return {
        findings: results.flatMap((result) => ('unjudged' in result ? [] : { rule: id, severity, ...result })),
        unjudged: results.flatMap((result) => ('unjudged' in result ? result.unjudged : [])),
      }
    },
  }
}
