import * as core from '@actions/core'
import type { Reporter } from '@prebake/kernel'
import { annotations } from './annotations.ts'
import { isDebugMode } from './debug-log.ts'
import { withDocumentAddresses } from './document-address.ts'
import { plainLines } from './plain-lines.ts'

export interface StepReporter extends Reporter {
  /** Reports the messages without an annotation. For the end of the step, before the summary is written. */
  finish(): void
}

/** Reports a run in the log of a workflow step: foldable groups, annotations, and the job summary, which is written at the end. */
export function actionsReporter(env: NodeJS.ProcessEnv): StepReporter {
  const { annotate, reportSurplus } = annotations()
  const addressed = (text: string) => withDocumentAddresses(text, env)
  const debugMode = isDebugMode(env)
  let lastProgress: string | undefined

  return {
    group: core.group,
    info: (line) => core.info(plainLines(addressed(line))),
    progress(line) {
      if (line === lastProgress) return
      lastProgress = line
      core.info(plainLines(addressed(line)))
    },
    notice: (message) => annotate('notice', addressed(message)),
    warning: (message, place) => annotate('warning', addressed(message), place && { file: place.file, startLine: place.line }),
    debug(line) {
      if (debugMode) core.debug(line)
    },
    summary(markdown) {
      const separator = core.summary.isEmptyBuffer() ? '' : '\n'
      core.summary.addRaw(`${separator}${addressed(markdown).trimEnd()}\n`)
    },
    finish: reportSurplus,
  }
}
