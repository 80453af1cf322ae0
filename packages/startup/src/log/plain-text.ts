/** No header and no message that counts is longer; what is longer is a dump. */
const longestLine = 65_536

/** Colours of a terminal, as they are and as journals and JSON write them. */
const colour = /(?:\u001B|\\u001[bB]|#033)\[[\d;?]*[A-Za-z]/g

/**
 * A line as a person would see it in a terminal, in the parts that a carriage return divides: a progress bar writes over itself, and Python's multi-line
 * messages end with one.
 */
export function plainText(text: string): readonly string[] {
  const whole = text.length > longestLine ? text.slice(0, longestLine) : text
  const plain = whole.includes('\u001B') || whole.includes('001b[') || whole.includes('#033[') ? whole.replaceAll(colour, '') : whole
  return plain.includes('\r') ? plain.split('\r').filter((part) => part !== '') : [plain]
}
