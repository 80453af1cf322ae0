import { formatPlace, type Finding } from './finding.ts'
import { titleOf } from '@prebake/manifests'
import { allRules, podRules } from './rules/groups.ts'
import { unknownWorkloads } from './subject/unknown-workloads.ts'
import type { FactName, PreflightSubject } from './subject/subject.ts'

export interface Judgement {
  /** Errors first, each in the order of the rules. The same finding about one field is reported once. */
  readonly findings: readonly Finding[]
  readonly unchecked: readonly Unchecked[]
}

/** What is wrong with these manifests, and what could not be judged. */
export function judgeManifests(subject: PreflightSubject): Judgement {
  const results = allRules.map((rule) => ({ id: rule.id, ...rule.find(subject) }))
  const unique = new Map(
    results
      .flatMap(({ findings }) => findings)
      .map((finding) => [`${finding.rule} ${formatPlace(finding.place)} ${finding.problem}`, finding]),
  )
  const findings = [...unique.values()].toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  const forms = Map.groupBy(
    results.flatMap(({ id, unjudged }) => unjudged.map((reason) => ({ id, reason }))),
    ({ reason }) => reason,
  )
  const unknownForms = [...forms].map(([reason, rules]) => ({ reason, rules: [...new Set(rules.map(({ id }) => id))] }))
  return { findings, unchecked: [...uncheckedFacts(subject), ...unknownPods(subject), ...unknownForms] }
}

/** Workloads whose pods the rules cannot read. */
function unknownPods(subject: PreflightSubject): readonly Unchecked[] {
  return unknownWorkloads(subject).map(({ object, source }) => {
    const reason = `${source} ${titleOf(object)}: the preflight does not read the pods of this kind`
    return { reason, rules: podRules.map(({ id }) => id) }
  })
}

/** A reason why something could not be looked up, and the rules that find nothing without it. */
export interface Unchecked {
  readonly reason: string
  readonly rules: readonly string[]
}

/** What could not be looked up, each reason once. */
function uncheckedFacts({ facts }: Pick<PreflightSubject, 'facts'>): readonly Unchecked[] {
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
