import { stripVTControlCharacters } from 'node:util'

/** Longer lines are dumps: the rest of them is not read. */
const longestLine = 65_536

/** Terminal colours as journals and JSON escape them. */
const writtenColour = /(?:\\u001[bB]|#033)\[[\d;]*m/g

/**
 * The text of a line without colours, split at carriage returns: progress bars overwrite themselves, and the lines of vLLM's multi-line messages end
 * with one.
 */
export function plainText(text: string): readonly string[] {
  const whole = text.length > longestLine ? text.slice(0, longestLine) : text
  const plain = withoutColours(whole)
  return plain.includes('\r') ? plain.split('\r').filter((part) => part !== '') : [plain]
}

function withoutColours(text: string): string {
  const plain = text.includes('\u001B') ? stripVTControlCharacters(text) : text
  return plain.includes('001b[') || plain.includes('#033[') ? plain.replaceAll(writtenColour, '') : plain
}
