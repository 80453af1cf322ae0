import { unknown, type Environment, type Setting, type Word } from './environment.ts'
import { readShellWord } from './shell-word.ts'

/** One command of a script, without its redirections. */
export interface ShellCommand {
  readonly words: readonly Word[]
  /** What the command gets: the container's variables, and those that the script sets before it or in front of it. */
  readonly environment: Environment
}

/** What stands between words: blanks, comments, ends of commands, redirections with their target. */
const between = /(?<blank>[ \t\r]+|\\\r?\n|#[^\n]*)|(?<end>[\n;&|()]+)/y
const redirection = /(?:\d*(?:>>|>&|>\||<<<|<<-?|<&|<>|<|>)|&>>?)[ \t]*/y
const assignment = /^([A-Za-z_]\w*)=/
const declarations = ['export', 'declare', 'readonly', 'local']

/**
 * The commands of a POSIX shell script in the order in which they stand, whatever `if` or `&&` make of it (POSIX.1-2024, Shell Command Language).
 * Quotes, continued lines, comments, redirections and variables are read; functions, arithmetic and here-documents are not.
 */
export function readShell(script: string, environment: Environment): readonly ShellCommand[] {
  const set = new Map<string, Setting>()
  const commands: ShellCommand[] = []
  let words: Word[] = []
  const lookUp =
    (own: ReadonlyMap<string, Setting>): Environment =>
    (name) =>
      own.has(name) ? own.get(name) : environment(name)

  const endCommand = () => {
    const isDeclaration = declarations.includes(words[0]?.text ?? '')
    const own = new Map(set)
    let first = isDeclaration ? 1 : 0
    for (let name = nameIn(words[first]); name !== undefined; name = nameIn(words[first])) {
      const { text = '', isKnown = false } = words[first] ?? {}
      own.set(name, isKnown ? text.slice(name.length + 1) : unknown)
      first += 1
    }
    if (first < words.length) commands.push({ words: words.slice(first), environment: lookUp(own) })
    // Without a command, they are the script's own from here on.
    else for (const [name, value] of own) set.set(name, value)
    words = []
  }

  for (let index = 0; index < script.length;) {
    const redirected = match(redirection, script, index)
    if (redirected !== undefined) {
      index = readShellWord(script, index + redirected[0].length, lookUp(set)).end
      continue
    }
    const gap = match(between, script, index)
    if (gap !== undefined) {
      if (gap.groups?.['end'] !== undefined) endCommand()
      index += gap[0].length
      continue
    }
    const read = readShellWord(script, index, lookUp(set))
    words.push(...read.words)
    index = read.end
  }
  endCommand()
  return commands
}

const nameIn = (word: Word | undefined): string | undefined => assignment.exec(word?.text ?? '')?.[1]

function match(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index
  return pattern.exec(text) ?? undefined
}
