/** One way that a server offers to authenticate (RFC 9110, "Challenge and Response"). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string
  /** By name in lower case. */
  readonly parameters: Readonly<Record<string, string>>
}

const token = /[\s,]*([\w!#$%&'*+.^`|~-]+)/y
const value = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y

/**
 * Reads WWW-Authenticate: challenges, and the parameters of each, are separated by commas, as are header lines that were joined. A word without `=` after
 * it starts a challenge.
 */
export function readChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  for (let at = 0; ;) {
    token.lastIndex = at
    const word = token.exec(header)?.[1]?.toLowerCase()
    if (word === undefined) return challenges
    value.lastIndex = at = token.lastIndex
    const found = value.exec(header)
    const last = challenges.at(-1)
    if (found === null) challenges.push({ scheme: word, parameters: {} })
    else at = value.lastIndex
    if (found !== null && last) last.parameters[word] ??= found[1]?.replace(/\\(.)/g, '$1') ?? found[2] ?? ''
  }
}
