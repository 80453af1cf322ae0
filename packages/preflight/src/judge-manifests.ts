import { formatPlace, type Finding } from './finding.ts'
import { allRules } from './rules/groups.ts'
import type { FactName, PreflightSubject } from './subject/subject.ts'

/** What is wrong with these manifests: errors first, each in the order of the rules. The same finding about one field is reported once. */
export function judgeManifests(subject: PreflightSubject): readonly Finding[] {
  const found = allRules.flatMap((rule) => rule.find(subject))
  const unique = new Map(found.map((finding) => [`${finding.rule} ${formatPlace(finding.place)} ${finding.problem}`, finding]))
  return [...unique.values()].toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

/** A reason why something could not be looked up, and the rules that find nothing without it. */
export interface Unchecked {
  readonly reason: string
  readonly rules: readonly string[]
}

/** What the findings do not cover, each reason once. */
export function uncheckedOf({ facts }: Pick<PreflightSubject, 'facts'>): readonly Unchecked[] {
  const missing = new Map<string, Set<FactName>>()
  const partly = new Map<string, readonly string[]>()
  for (const [name, byKey] of Object.entries(facts) as [FactName, Readonly<Record<string, object>>][]) {
    for (const fact of Object.values(byKey)) {
      if (!('unchecked' in fact)) continue
      const reason = String(fact.unchecked)
      missing.set(reason, (missing.get(reason) ?? new Set()).add(name))
    }
  }
  for (const fact of Object.values(facts.snapshot)) {
    if (!('value' in fact) || fact.value === undefined) continue
    const { keyState, fastRestoreZones } = fact.value
    if ('unchecked' in keyState) partly.set(keyState.unchecked, ['snapshot-key'])
    if ('unchecked' in fastRestoreZones) partly.set(fastRestoreZones.unchecked, ['lazy-volume', 'rate-beside-fast-restore'])
  }
  const whole = [...missing].map(([reason, names]) => ({
    reason,
    rules: allRules.filter(({ needs = [] }) => needs.some((name) => names.has(name))).map(({ id }) => id),
  }))
  return [...whole, ...[...partly].map(([reason, rules]) => ({ reason, rules }))]
}
