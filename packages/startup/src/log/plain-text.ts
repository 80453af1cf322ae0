import { stripVTControlCharacters } from 'node:util'

/** No header and no message that counts is longer; what is longer is a dump. */
const longestLine = 65_536

/** Colours of a terminal as journals and JSON write them down. */
const writtenColour = /(?:\\u001[bB]|#033)\[[\d;]*m/g

/**
 * A line as a person would see it in a terminal, in the parts that a carriage return divides: a progress bar writes over itself, and Python's multi-line
 * messages end with one.
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
