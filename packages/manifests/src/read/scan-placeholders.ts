/** `${…}` in a text, or its escape `$${`. */
export interface Placeholder {
  /** Where it begins in the text. */
  readonly index: number
  /** As it is written, nested ones included: `${A:-${B}}`. */
  readonly text: string
  /** What stands between the braces; undefined for an escape. */
  readonly name: string | undefined
  /** What comes after `:-`, `-` or the like of a shell's or envsubst's form; undefined where there is none. */
  readonly fallback: string | undefined
  readonly closed: boolean
}

const withFallback = /^([A-Za-z_][A-Za-z0-9_]*)(:?[-=])(.*)$/

/** All placeholders of a text, outermost only. One ends with its line, whether it is closed or not. */
export function scanPlaceholders(text: string): readonly Placeholder[] {
  const found: Placeholder[] = []
  let index = text.indexOf('${')
  while (index >= 0) {
    const next = index > 0 && text[index - 1] === '$' ? escape(index - 1) : readPlaceholder(text, index)
    found.push(next)
    index = text.indexOf('${', next.index + next.text.length)
  }
  return found
}

function escape(index: number): Placeholder {
  return { index, text: '$${', name: undefined, fallback: undefined, closed: true }
}

function readPlaceholder(text: string, index: number): Placeholder {
  let open = 0
  let end = index
  for (; end < text.length && text[end] !== '\n'; end += 1) {
    if (text.startsWith('${', end)) open += 1
    else if (text[end] === '}' && (open -= 1) === 0) {
      const inner = text.slice(index + 2, end)
      const [, name, , fallback] = withFallback.exec(inner) ?? []
      return { index, text: text.slice(index, end + 1), name: name ?? inner, fallback, closed: true }
    }
  }
  return { index, text: text.slice(index, end), name: text.slice(index + 2, end), fallback: undefined, closed: false }
}
