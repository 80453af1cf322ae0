/** Reads GITHUB_OUTPUT or GITHUB_STATE as the runner does (`FileCommandManager.cs`): `name=value` lines and heredocs, the later value wins. */
export function readKeyValueFile(content: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = content.split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!
    if (line === '') continue
    const heredoc = line.indexOf('<<')
    const equals = line.indexOf('=')
    if (heredoc < 0 || (equals >= 0 && equals < heredoc)) {
      if (equals <= 0) throw new Error(`Invalid format '${line}'`)
      values[line.slice(0, equals)] = line.slice(equals + 1)
      continue
    }
    const delimiter = line.slice(heredoc + 2)
    const end = lines.indexOf(delimiter, index + 1)
    if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`)
    values[line.slice(0, heredoc)] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return values
}
