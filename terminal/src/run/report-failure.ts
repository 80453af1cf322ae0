import { styleText } from 'node:util'
import { codesLine, describeFailure, troubleLines, withDocumentAddresses } from '@prebake/action-kit'
import type { Stream } from '../screen/live-terminal.ts'

/** Prints a failure once: what happened, the causes, the code, what to do. In colour only at a TTY, and without NO_COLOR. */
export function reportFailure(error: unknown, stream: Stream, env: NodeJS.ProcessEnv): void {
  const described = describeFailure(error)
  const { message, causes, codes, hint } = described
  const isColoured = stream.isTTY === true && !env['NO_COLOR']
  const print = (text: string, style?: 'red' | 'gray') => {
    for (const line of withDocumentAddresses(text, env).split('\n'))
      stream.write(`${style !== undefined && isColoured ? styleText(style, line, { validateStream: false }) : line}\n`)
  }
  print(`\nError: ${message}`, 'red')
  for (const cause of causes) print(`Caused by: ${cause}`, 'gray')
  for (const line of troubleLines(described)) print(line)
  if (codes.length > 0) print(codesLine(codes), 'gray')
  if (hint !== undefined) print(hint)
}
