import type { Evidence } from './evidence.ts'
import type { Finding, Symptom } from './finding.ts'
import { textRules } from './rules/text-rules.ts'

/** So many lines of each finding: they say the same of several pods. */
const mostLines = 3

/** What the words say, for the symptoms that are there. A line belongs to the first rule of each symptom that it fits. */
export function judgeTexts(
  evidence: readonly Evidence[],
  symptoms: ReadonlySet<Symptom>,
  fill: (check: string, line: Evidence) => string,
): readonly Finding[] {
  const lines = new Map<string, Evidence[]>()
  for (const line of evidence)
    for (const symptom of symptoms) {
      const rule = textRules.find(
        (each) => each.symptom === symptom && each.kinds.includes(line.kind) && each.pattern.test(line.about ?? line.text),
      )
      if (rule !== undefined) lines.set(rule.id, [...(lines.get(rule.id) ?? []), line])
    }
  return textRules.flatMap((rule): Finding[] => {
    const found = unique(lines.get(rule.id) ?? [])
    const [first] = found
    if (first === undefined) return []
    const { id, symptom, cause, remedy, check } = rule
    return [{ rule: id, symptom, cause, remedy, check: fill(check, first), evidence: found.slice(0, mostLines), certainty: 3 }]
  })
}

/** The kubelet says the same in an event and in a status, with its reason before it: each of these once. */
const unique = (lines: readonly Evidence[]): readonly Evidence[] => {
  const words = ({ text }: Evidence) => text.replace(/^\w+: /, '')
  return lines.filter((line, index) => index === lines.findIndex((each) => words(each) === words(line)))
}
