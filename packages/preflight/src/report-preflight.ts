import type { Problem, Reporter } from '@prebake/kernel'
import { filePlaceOf, formatFinding, formatPlace } from './finding.ts'
import type { PreflightReport } from './preflight.ts'

/**
 * Reports everything but the errors: what was not checked, what was ignored (in the job summary too), where the
 * instance types come from, and the warnings.
 * @returns the errors, to be reported together with what else is wrong.
 */
export function reportPreflight({ findings, ignored, unchecked, instanceTypes }: PreflightReport, reporter: Reporter): readonly Problem[] {
  for (const { reason, rules } of unchecked) reporter.info(`Not checked, because ${reason}: ${rules.join(', ')}`)
  if (instanceTypes !== undefined) reporter.info(`Instance types are from ${instanceTypes}`)
  const skipped = unchecked.flatMap(({ rules }) => rules)
  for (const [rule, found] of Object.entries(ignored)) {
    if (found.length === 0 && !skipped.includes(rule)) reporter.info(`\`ignore-rules\`: ${rule} found nothing; it can be removed.`)
    for (const finding of found) reporter.info(`Ignored ${finding.severity}: ${formatFinding(finding)}`)
  }
  const summary = ignoredSummary(ignored)
  if (summary !== undefined) reporter.summary(summary)

  const warnings = findings.filter(({ severity }) => severity === 'warning')
  // What is wrong with one object is one annotation, since GitHub shows ten of a step.
  for (const related of Map.groupBy(warnings, ({ place }) => `${place.source} ${place.object}`).values())
    reporter.warning(related.map(formatFinding).join('\n'), related[0] && filePlaceOf(related[0].place))
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, place, problem, fix }) => ({ code: rule, input: formatPlace(place), wrong: `${problem} [${rule}]`, remedy: fix }))
}

/** As Markdown; undefined where no rule is ignored. */
function ignoredSummary(ignored: PreflightReport['ignored']): string | undefined {
  const rows = Object.entries(ignored).map(([rule, found]) => {
    const places = found.map(({ severity, place }) => `${severity} at \`${formatPlace(place)}\``)
    return `| \`${rule}\` | ${places.join('<br>').replaceAll('|', '\\|') || 'nothing'} |`
  })
  if (rows.length === 0) return undefined
  return ['### Ignored preflight rules', '', '| rule | found |', '|---|---|', ...rows, ''].join('\n')
}
