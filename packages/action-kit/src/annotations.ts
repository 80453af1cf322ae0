import * as core from '@actions/core'
import { plainLines } from './plain-lines.ts'

/** How many annotations of one level GitHub shows per step; it drops the rest (github.com/orgs/community/discussions/26680). */
const mostPerLevel = 10

type Level = 'notice' | 'warning'

export interface Annotations {
  readonly annotate: (level: Level, message: string, properties?: core.AnnotationProperties) => void
  /** Reports how many messages have no annotation, and lists them in the job summary. For the end of the step. */
  readonly reportSurplus: () => void
}

/** Annotations of one step: the first ten of each level. Later messages go to the log and the job summary. */
export function annotations(): Annotations {
  const shown: Record<Level, number> = { notice: 0, warning: 0 }
  const surplus: Record<Level, string[]> = { notice: [], warning: [] }

  return {
    annotate(level, message, properties = {}) {
      shown[level] += 1
      if (shown[level] <= mostPerLevel) return (level === 'notice' ? core.notice : core.warning)(message, properties)
      surplus[level].push(message)
      core.info(plainLines(`${level === 'notice' ? 'Notice' : 'Warning'}: ${message}`))
    },
    reportSurplus() {
      for (const [level, messages] of Object.entries(surplus)) {
        if (messages.length === 0) continue
        const count = `${messages.length} more ${level}${messages.length === 1 ? '' : 's'}`
        core.info(`${count} without an annotation, because GitHub shows ${mostPerLevel} per step. See the log above and the job summary.`)
        core.summary.addRaw(['', `### ${count}`, '', ...messages.map(listItem), ''].join('\n'))
      }
    },
  }
}

function listItem(message: string): string {
  return `- ${message.replaceAll(/\s*\n\s*/g, ' ').replaceAll('<', '&lt;')}`
}
