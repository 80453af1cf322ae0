import type { Reporter } from '@prebake/kernel'
import type { JobSummary } from './job-summary.ts'
import { plainLines, toStdout, workflowCommand, type Write } from './workflow-command.ts'

/** Tells a run as the log of a workflow step: foldable groups, annotations, and the job summary at the end. */
export function actionsReporter(summary: Pick<JobSummary, 'add'>, write: Write = toStdout): Reporter {
  let lastProgress: string | undefined
  return {
    async group(title, work) {
      write(workflowCommand('group', title))
      try {
        return await work()
      } finally {
        write(workflowCommand('endgroup', ''))
      }
    },
    info: (line) => write(plainLines(line)),
    progress(line) {
      if (line === lastProgress) return
      lastProgress = line
      write(plainLines(line))
    },
    notice: (message) => write(workflowCommand('notice', message)),
    warning: (message) => write(workflowCommand('warning', message)),
    summary: (markdown) => summary.add(markdown),
  }
}
