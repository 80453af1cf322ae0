import { messageOf, PrebakeError, type Reporter } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'
import type { Made } from './find-made.ts'

/** All that is there, one line each, with what deleting it saves. */
export function describeMade(made: readonly Made[], foreign: readonly string[]): string {
  const dollars = made.reduce((sum, { monthlyDollars = 0 }) => sum + monthlyDollars, 0)
  return [
    ...made.map(({ title, monthlyDollars }) =>
      `${monthlyDollars === undefined ? '' : `$${monthlyDollars.toFixed(2)} a month`.padStart(16)}  ${title}`.replace(
        /^ {2}/,
        `${' '.repeat(16)}  `,
      ),
    ),
    ...(foreign.length === 0 ? [] : [`Stays, since another repository made it: ${foreign.join(', ')}`]),
    made.length === 0
      ? 'Nothing of prebake is there.'
      : `Deleting it saves at most $${dollars.toFixed(2)} a month of storage; GPU nodes that its pods hold go too. Snapshots cannot be had back: a new bake takes about half an hour.`,
  ].join('\n')
}

/** Deletes one after the other; what fails does not keep the rest. @throws PrebakeError `teardown-incomplete` naming what is left */
export async function tearDown(made: readonly Made[], reporter: Pick<Reporter, 'info'>, signal: AbortSignal): Promise<void> {
  const left: string[] = []
  for (const { title, remove } of made) {
    try {
      await remove(signal)
      reporter.info(`Deleted: ${title}`)
    } catch (error) {
      if (signal.aborted) throw error
      left.push(`${title}: ${messageOf(error)}`)
    }
  }
  if (left.length === 0) return
  const code = 'teardown-incomplete' satisfies TerminalErrorCode
  throw new PrebakeError(['Delete what prebake made: not all of it could be deleted.', ...left].join('\n'), {
    code,
    hint: 'Remove the cause, and run again: what is deleted is not looked for any more.',
  })
}
