import { stripVTControlCharacters } from 'node:util'
import type { Terminal } from '@prebake/action-kit'

export interface LiveTerminal extends Terminal {
  /** Shows one line below everything that is written, until the next call; undefined: none. Nothing happens where there is no terminal. */
  status(line: string | undefined): void
}

export interface Stream extends Terminal {
  readonly columns?: number | undefined
}

/** Erases the line and goes to its beginning (ECMA-48, EL and CR). */
const erase = '\r\u001b[2K'

/** A terminal with a live line at its bottom. Without a TTY no escape sequence is ever written. */
export function liveTerminal(stream: Stream): LiveTerminal {
  const isTTY = stream.isTTY === true
  let shown: string | undefined
  const draw = () => {
    if (shown !== undefined) stream.write(fit(shown, stream.columns ?? 80))
  }
  return {
    isTTY,
    write(text) {
      if (shown === undefined) return stream.write(text)
      stream.write(erase)
      stream.write(text)
      // Only below a whole line: a question waits on its own.
      if (text.endsWith('\n')) draw()
      return true
    },
    status(line) {
      if (!isTTY || line === shown) return
      if (shown !== undefined) stream.write(erase)
      shown = line
      draw()
    },
  }
}

/** A longer line would wrap, and only its last part could be erased. */
function fit(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line).replaceAll(/[\r\n]+/g, ' ')
  return plain.length < columns ? plain : `${plain.slice(0, Math.max(0, columns - 2))}…`
}
