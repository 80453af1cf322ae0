import * as core from '@actions/core'
import { PrebakeError } from '@prebake/kernel'
import type { ActionErrorCode } from './error-codes.ts'

/** Above this the runner drops a step's whole summary (`FileCommandManager.cs`, AttachmentSizeLimit). */
export const summaryLimitBytes = 1024 * 1024

const cutNote = '\n\n_Truncated: a job summary is limited to 1 MiB._\n'

/**
 * Appends what was added to `core.summary` to the step's summary, once. Writes nothing without GITHUB_STEP_SUMMARY (a terminal, older servers).
 * @throws PrebakeError if the runner's file cannot be written.
 */
export async function writeSummary(env: NodeJS.ProcessEnv): Promise<void> {
  if (!env['GITHUB_STEP_SUMMARY'] || core.summary.isEmptyBuffer()) return
  const markdown = cutToLimit(core.summary.stringify())
  try {
    await core.summary.emptyBuffer().addRaw(markdown).write()
  } catch (cause) {
    const code = 'runner-file-unwritable' satisfies ActionErrorCode
    throw new PrebakeError("Write the job summary: the runner's file cannot be written.", { code, hint: "Check the runner's disk.", cause })
  }
}

function cutToLimit(markdown: string): string {
  const bytes = Buffer.from(markdown)
  if (bytes.length <= summaryLimitBytes) return markdown
  const room = summaryLimitBytes - Buffer.byteLength(cutNote)
  const lastLineEnd = bytes.lastIndexOf(0x0a, room - 1)
  // A single long line is cut anywhere; at worst its last character is broken.
  return bytes.toString('utf8', 0, lastLineEnd > 0 ? lastLineEnd : room - 3) + cutNote
}
