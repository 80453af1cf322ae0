/** The name that `typed` was most likely meant to be. Undefined if none is close: more than a third of the letters would have to change. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined
  let least = Math.max(2, Math.floor(typed.length / 3)) + 1
  for (const name of names) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase())
    if (distance < least) [nearest, least] = [name, distance]
  }
  return nearest
}

/** Levenshtein distance: the number of letters to insert, delete or replace. */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [row, letter] of [...from.split('')].entries()) {
    const current = [row + 1]
    for (let column = 0; column < to.length; column += 1) {
      const replaced = previous[column]! + (letter === to[column] ? 0 : 1)
      current.push(Math.min(previous[column + 1]! + 1, current[column]! + 1, replaced))
    }
    previous = current
  }
  return previous[to.length]!
}
