import type { Reporter } from '@prebake/kernel'

/** Keeps every line, repeated progress once, as the reporters of the shell do. */
export function recordingReporter(): Reporter & { readonly lines: string[] } {
  const lines: string[] = []
  const add = (line: string) => void (lines.at(-1) === line || lines.push(line))
  return { lines, group: (_title, work) => work(), info: add, progress: add, notice: add, warning: add, debug: () => {}, summary: add }
}
