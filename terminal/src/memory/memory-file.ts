import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunState } from '@prebake/action-kit'
import { messageOf, PrebakeError } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'

type Texts = Readonly<Record<string, string>>

interface Content {
  /** What was found or answered, so that it is not asked again. */
  readonly answers: Texts
  /** What a run has begun and not ended; empty: nothing. */
  readonly open: Texts
  /** By phase, how long it took the last time. */
  readonly seconds: Readonly<Record<string, number>>
}

/** The one file that the programs keep: answers, and what a run that was killed has left. No secret is in it. */
export interface Memory {
  readonly file: string
  answers(): Texts
  remember(answers: Texts): void
  /** Usual durations by phase. */
  seconds(): Readonly<Record<string, number>>
  rememberSeconds(seconds: Readonly<Record<string, number>>): void
  /** Write-ahead state of the present run, or of one that was killed. */
  open<const Name extends string>(names: readonly Name[]): RunState<Name>
  /** Nothing is open any more. */
  close(): void
}

export const memoryFile = '.prebake.json'

/** @throws PrebakeError when the file is there and is not ours */
export function openMemory(folder: string): Memory {
  const file = join(folder, memoryFile)
  let content = read(file)

  function write(change: Partial<Content>): void {
    content = { ...content, ...change }
    try {
      // Killed in mid-write, the old one stays.
      writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    } catch (cause) {
      const code = 'memory-unwritable' satisfies TerminalErrorCode
      const hint = 'Run in a folder in which you may write: without this file, a run that is killed could not be cleaned up.'
      throw new PrebakeError(`Write ${file}: ${messageOf(cause)}.`, { code, hint, cause })
    }
  }

  return {
    file,
    answers: () => content.answers,
    remember: (answers) => write({ answers: { ...content.answers, ...answers } }),
    seconds: () => content.seconds,
    rememberSeconds: (seconds) => write({ seconds: { ...content.seconds, ...seconds } }),
    open: (names) => ({
      save: (values) => write({ open: { ...content.open, ...(values as Texts) } }),
      read: () =>
        Object.fromEntries(names.flatMap((name) => (content.open[name] === undefined ? [] : [[name, content.open[name]]]))) as never,
    }),
    close: () => write({ open: {} }),
  }
}

function read(file: string): Content {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { answers: {}, open: {}, seconds: {} }
    throw unreadable(file, messageOf(error), error)
  }
  try {
    const { answers = {}, open = {}, seconds = {} } = JSON.parse(text) as Partial<Content>
    const texts = [...Object.values(answers), ...Object.values(open)]
    if (!texts.every((value) => typeof value === 'string')) throw new TypeError('it has values that are not texts')
    return { answers, open, seconds }
  } catch (cause) {
    throw unreadable(file, messageOf(cause), cause)
  }
}

function unreadable(file: string, reason: string, cause: unknown): PrebakeError {
  const code = 'memory-unreadable' satisfies TerminalErrorCode
  const hint = 'Correct it or delete it. If a run was killed before, look for what it left: `make doctor`.'
  return new PrebakeError(`Read ${file}: ${reason}.`, { code, hint, cause })
}
