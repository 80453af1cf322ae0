import { styleText } from 'node:util'
import type { Clock, Reporter } from '@prebake/kernel'
import { isDebugMode } from './debug-log.ts'
import { withDocumentAddresses } from './document-address.ts'

export interface Terminal {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
}

type Style = Parameters<typeof styleText>[0]

/** Reports a run at a terminal, in colour if the terminal supports it and NO_COLOR (https://no-color.org) is not set. */
export function terminalReporter(terminal: Terminal, clock: Clock, env: NodeJS.ProcessEnv): Reporter {
  const coloured = terminal.isTTY === true && !env['NO_COLOR']
  const paint = (style: Style, text: string) => (coloured ? styleText(style, text, { validateStream: false }) : text)
  let groupStart: Date | undefined
  let lastProgress: string | undefined

  const print = (text: string, style?: Style) => {
    for (const line of withDocumentAddresses(text, env).split(/\r\n|\r|\n/)) {
      const indented = groupStart && line ? `  ${line}` : line
      terminal.write(`${style ? paint(style, indented) : indented}\n`)
    }
  }
  const elapsed = (since: Date) => formatElapsed(clock.now().getTime() - since.getTime())

  return {
    async group(title, work) {
      const start = clock.now()
      print(title, 'bold')
      groupStart = start
      try {
        const result = await work()
        print(`done in ${elapsed(start)}`, 'green')
        return result
      } catch (error) {
        print(`failed after ${elapsed(start)}`, 'red')
        throw error
      } finally {
        groupStart = undefined
      }
    },
    info: (line) => print(line),
    progress(line) {
      if (line === lastProgress) return
      lastProgress = line
      print(groupStart ? `${elapsed(groupStart).padStart(7)}  ${line}` : line, 'gray')
    },
    debug(line) {
      if (isDebugMode(env)) print(`Debug: ${line}`, 'gray')
    },
    notice: (message) => print(`Note: ${message}`, 'cyan'),
    warning: (message) => print(`Warning: ${message}`, 'yellow'),
    summary: (markdown) => print(`\n${markdown.trimEnd()}\n`),
  }
}

function formatElapsed(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
}
