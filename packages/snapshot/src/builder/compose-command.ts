import { receiver } from '../host-scripts.ts'

/** The files of one command: scripts go to the work folder's `bin`, data to its `inbox`. */
export interface CommandFiles {
  readonly scripts?: Readonly<Record<string, string>>
  readonly inbox?: Readonly<Record<string, string | Uint8Array>>
}

/** SSM refuses documents above 64 KB (API reference, SendCommand); the rest is room for the document around the line. */
const longestLine = 60_000

/**
 * The shell lines that run a host script in the admin container, in the order to send them; each can be sent again (host/README.md, "How a command
 * arrives"). All but the last only transfer files that do not fit into one line.
 *
 * Files travel through the standard input of `apiclient exec`, as base64 words: its request, which holds the command itself, must fit into one message of
 * 64 KiB in which each byte is a decimal number, SSM interpolates `{{ }}`, and quoting would pass three shells.
 * @throws RangeError for a name or an argument that is not a plain word
 */
export function composeCommand(script: string, args: readonly string[], files: CommandFiles = {}): readonly string[] {
  const odd = [script, ...args].find((word) => !/^[\w.-]+$/.test(word))
  if (odd !== undefined) throw new RangeError(`A command has an unusable word: ${JSON.stringify(odd)}`)
  const batches: string[][] = [[]]
  const run = `run ${script}${args.map((arg) => ` ${arg}`).join('')}`
  for (const line of [...Object.entries(contents(files)).flatMap(([name, content]) => fileLines(name, content)), run]) {
    const last = batches.at(-1) ?? []
    if (lineOf([...last, line, 'received']).length <= longestLine) last.push(line)
    else batches.push([line])
  }
  return batches.map((lines, index) => lineOf(index === batches.length - 1 ? lines : [...lines, 'received']))
}

/** Bytes of one file that fit into one line with everything else. */
export const mostBytesInOneLine = 42_000

function contents({ scripts = {}, inbox = {} }: CommandFiles): Record<string, Uint8Array> {
  const entries = [
    ...Object.entries(scripts).map(([name, text]) => [`bin/${name}`, Buffer.from(text)] as const),
    ...Object.entries(inbox).map(([name, content]) => [`inbox/${name}`, Buffer.from(content)] as const),
  ]
  return Object.fromEntries(entries)
}

function fileLines(name: string, content: Uint8Array): string[] {
  if (!/^[\w./-]+$/.test(name)) throw new RangeError(`A file of a command has an unusable name: ${JSON.stringify(name)}`)
  const line = (part: string, bytes: Uint8Array) => `file ${part} ${Buffer.from(bytes).toString('base64')}`
  if (content.length <= mostBytesInOneLine) return [line(name, content)]
  const parts = Array.from({ length: Math.ceil(content.length / mostBytesInOneLine) }, (_, part) => part)
  return [
    ...parts.map((part) => line(`${name}.part${part}`, content.subarray(part * mostBytesInOneLine, (part + 1) * mostBytesInOneLine))),
    `join ${name} ${parts.length}`,
  ]
}

function lineOf(lines: readonly string[]): string {
  return `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | apiclient exec -T admin bash -c '${receiver()}'`
}
