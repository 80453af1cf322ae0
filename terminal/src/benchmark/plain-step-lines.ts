/** Workflow commands that a person at a terminal reads as words (docs.github.com, "Workflow commands"). */
const prefixes: Readonly<Record<string, string>> = { group: '', error: 'Error: ', warning: 'Warning: ', notice: 'Note: ' }

/** A line of an action as a person reads it at a terminal; undefined for what only a runner needs: masks, state, the end of a group. */
export function plainStepLine(line: string): string | undefined {
  const [, command, text = ''] = /^::([\w-]+)(?:\s[^:]*)?::(.*)$/.exec(line) ?? []
  if (command === undefined) return line.replaceAll('\u200b', '')
  const prefix = prefixes[command]
  return prefix === undefined ? undefined : `${prefix}${unescape(text)}`
}

/** Reverses the runner's escapes. */
const unescape = (text: string): string => text.replaceAll('%0D', '').replaceAll('%0A', '\n').replaceAll('%25', '%')
