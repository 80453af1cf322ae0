import { formatPlace, type Finding } from './finding.ts'
import { rules } from './rules/rules.ts'
import type { FactName, PreflightSubject } from './subject/subject.ts'

/** What stands in the way of a rollout of these manifests: errors first, each in the order of the rules. The same fault of one field is told once. */
export function judgeManifests(subject: PreflightSubject): readonly Finding[] {
  const seen = new Set<string>()
  const findings = rules.flatMap(({ id, severity, judge }) =>
    judge(subject).flatMap((fault): Finding[] => {
      const key = `${id} ${formatPlace(fault.place)} ${fault.reason}`
      if (seen.has(key)) return []
      seen.add(key)
      return [{ rule: id, severity, ...fault }]
    }),
  )
  return findings.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

/** A reason why something could not be looked at, and the rules that find nothing without it. */
export interface Unchecked {
  readonly reason: string
  readonly rules: readonly string[]
}

/** What the findings do not cover, each reason once. */
export function uncheckedOf({ facts }: Pick<PreflightSubject, 'facts'>): readonly Unchecked[] {
  const names = new Map<string, Set<FactName>>()
  const note = (reason: string, name: FactName) => names.set(reason, (names.get(reason) ?? new Set()).add(name))
  const partly = new Map<string, readonly string[]>()
  for (const [name, byKey] of Object.entries(facts) as [FactName, Readonly<Record<string, object>>][]) {
    for (const fact of Object.values(byKey)) if ('unchecked' in fact) note(String(fact.unchecked), name)
  }
  for (const fact of Object.values(facts.snapshot)) {
    if (!('value' in fact) || fact.value === undefined) continue
    const { keyState, fastRestoreZones } = fact.value
    if ('unchecked' in keyState) partly.set(keyState.unchecked, ['snapshot-key'])
    if ('unchecked' in fastRestoreZones) partly.set(fastRestoreZones.unchecked, ['rate-beside-fast-restore', 'lazy-volume'])
  }
  const whole = [...names].map(([reason, missing]) => ({
    reason,
    rules: rules.filter(({ needs = [] }) => needs.some((name) => missing.has(name))).map(({ id }) => id),
  }))
  return [...whole, ...[...partly].map(([reason, affected]) => ({ reason, rules: affected }))]
}
