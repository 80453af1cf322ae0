import { unknown, type Environment, type Word } from './environment.ts'

/** `$NAME`, `${NAME}`, `${NAME:-default}`. */
const variable = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^{}$`"']*))?\})/y
const plain = /[^\s\\'"$`;&|()<>]+/y
const quotedPlain = /[^\\"$`]+/y

/**
 * The word that begins at `start`, up to a blank or an operator: several where an unquoted variable holds blanks, none where it is empty.
 * @returns `end`: the index behind it, always beyond `start`.
 */
export function readShellWord(
  script: string,
  start: number,
  environment: Environment,
): { readonly words: readonly Word[]; readonly end: number } {
  const words: Word[] = []
  let text = ''
  let isKnown = true
  let isWritten = false
  let isQuoted = false
  let index = start
  const add = (part: string, length: number) => {
    text += part
    isWritten = true
    index += length
  }
  const finish = () => {
    if (isWritten || !isKnown) words.push({ text, isKnown })
    text = ''
    isKnown = true
    isWritten = false
  }
  while (index < script.length) {
    const at = script[index] ?? ''
    const rest = isQuoted ? quotedPlain : plain
    rest.lastIndex = index
    const run = rest.exec(script)?.[0]
    if (run !== undefined) add(run, run.length)
    else if (at === '"') {
      isQuoted = !isQuoted
      add('', 1)
    } else if (at === "'" && !isQuoted) {
      const close = script.indexOf("'", index + 1)
      const stop = close < 0 ? script.length : close
      add(script.slice(index + 1, stop), stop + 1 - index)
    } else if (at === '\\') {
      const next = script.slice(index + 1).match(/^\r?\n|^[^]/)?.[0] ?? ''
      // A line that goes on; within quotes, a backslash stands for itself before most characters.
      if (next.endsWith('\n')) index += 1 + next.length
      else add(isQuoted && !'$`"\\'.includes(next) ? `\\${next}` : next, 1 + next.length)
    } else if (at === '$' || at === '`') {
      variable.lastIndex = index
      const found = variable.exec(script)
      const length = found?.[0].length ?? substitutionLength(script, index)
      if (found === null && length === 1) {
        add(at, 1)
        continue
      }
      const value = found === null ? unknown : (environment(found[1] ?? found[2] ?? '') ?? found[3] ?? '')
      index += length
      if (value === unknown) isKnown = false
      else if (isQuoted) add(value, 0)
      else {
        const [head = '', ...more] = value.split(/\s+/)
        if (head !== '') add(head, 0)
        for (const part of more) {
          finish()
          if (part !== '') add(part, 0)
        }
      }
    } else break
  }
  finish()
  return { words, end: Math.max(index, start + 1) }
}

/** Of `$(…)`, `${…}` or `` `…` ``; 1 where it is only the character itself. */
function substitutionLength(script: string, start: number): number {
  if (script[start] === '`') {
    const close = script.indexOf('`', start + 1)
    return (close < 0 ? script.length : close + 1) - start
  }
  const open = script[start + 1]
  if (open !== '(' && open !== '{') return 1
  const close = open === '(' ? ')' : '}'
  let depth = 0
  for (let index = start + 1; index < script.length; index += 1) {
    if (script[index] === open) depth += 1
    if (script[index] === close) depth -= 1
    if (depth === 0) return index + 1 - start
  }
  return script.length - start
}
