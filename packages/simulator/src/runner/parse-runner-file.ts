/**
 * Reads what an action wrote to GITHUB_OUTPUT or GITHUB_STATE: `name=value`, or `name<<MARK`, lines, `MARK`
 * (docs.github.com, "Workflow commands", environment files). The later value of a name counts.
 */
export function parseRunnerFile(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const heredoc = /^([^=<]+)<<(.+)$/.exec(line)
    if (heredoc) {
      const end = lines.indexOf(heredoc[2] ?? '', index + 1)
      if (end < 0) throw new Error(`The value of ${heredoc[1]} does not end.`)
      values[heredoc[1] ?? ''] = lines.slice(index + 1, end).join('\n')
      index = end
      continue
    }
    const equals = line.indexOf('=')
    if (equals > 0) values[line.slice(0, equals)] = line.slice(equals + 1)
  }
  return values
}
