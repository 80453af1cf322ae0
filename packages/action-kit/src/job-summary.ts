import { appendToRunnerFile } from './runner-file.ts'

/** Above this the runner drops a step's whole summary (`FileCommandManager.cs`, AttachmentSizeLimit). */
export const summaryLimitBytes = 1024 * 1024

const cutNote = '\n\n_The rest was cut: a job summary holds 1 MiB._\n'

export interface JobSummary {
  add(markdown: string): void
  /** Writes what was added. Only the first call writes, so that no path through a run shows it twice. */
  write(): void
}

/** Collects markdown and appends it to the step's summary once. Without GITHUB_STEP_SUMMARY (older servers) nothing is written. */
export function jobSummary(env: NodeJS.ProcessEnv): JobSummary {
  const parts: string[] = []
  let written = false
  return {
    add(markdown) {
      parts.push(markdown.endsWith('\n') ? markdown : `${markdown}\n`)
    },
    write() {
      if (written || parts.length === 0 || !env['GITHUB_STEP_SUMMARY']) return
      written = true
      appendToRunnerFile(env, 'GITHUB_STEP_SUMMARY', cutToLimit(parts.join('\n')))
    },
  }
}

function cutToLimit(markdown: string): string {
  const bytes = Buffer.from(markdown)
  if (bytes.length <= summaryLimitBytes) return markdown
  const room = summaryLimitBytes - Buffer.byteLength(cutNote)
  const lastLineEnd = bytes.lastIndexOf(0x0a, room - 1)
  // One endless line has no good place to cut; a broken last character is then the smaller harm.
  return bytes.toString('utf8', 0, lastLineEnd > 0 ? lastLineEnd : room - 3) + cutNote
}
