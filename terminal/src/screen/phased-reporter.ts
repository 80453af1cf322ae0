import { terminalReporter } from '@prebake/action-kit'
import type { Clock, Reporter } from '@prebake/kernel'
import { asWatch, inWords } from './durations.ts'
import type { LiveTerminal } from './live-terminal.ts'

export interface Phase {
  readonly title: string
  /** How long it usually takes. */
  readonly expectedSeconds: number
}

export interface PhasedReporter extends Reporter {
  /** Runs the next phase, of this title, and says what remains. @returns its result, and how long it took */
  phase<T>(title: string, work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }>
  /** What would be the next phase is left out. */
  skip(title: string, why: string): void
  /** Ends the live line. */
  stop(): void
}

const redrawMs = 1000

/** A reporter that knows the phases of a run: at a TTY with a live line of phase, time and what remains, elsewhere with these in each line of progress. */
export function phasedReporter(
  terminal: LiveTerminal,
  phases: readonly Phase[],
  { clock, env }: { readonly clock: Clock; readonly env: NodeJS.ProcessEnv },
): PhasedReporter {
  const lines = terminalReporter(terminal, clock, env)
  let current: { readonly index: number; readonly startedAt: number } | undefined
  let next = 0
  let latest = ''

  const passed = () => (current === undefined ? 0 : (clock.now().getTime() - current.startedAt) / 1000)
  const headline = (index: number) => `[${index + 1}/${phases.length}] ${phases[index]?.title ?? ''}`
  const remaining = () => {
    if (current === undefined) return ''
    const left = (phases[current.index]?.expectedSeconds ?? 0) - passed()
    const later = phases.slice(current.index + 1).reduce((sum, { expectedSeconds }) => sum + expectedSeconds, 0)
    if (left < 0) return later > 0 ? `longer than usual, then about ${inWords(later)}` : 'longer than usual'
    return `about ${inWords(left + later)} left`
  }
  const redraw = () => {
    if (current === undefined) return
    terminal.status(`${headline(current.index)} ${asWatch(passed())}, ${remaining()}${latest ? ` · ${latest}` : ''}`)
  }
  const timer = terminal.isTTY ? setInterval(redraw, redrawMs) : undefined
  timer?.unref()

  return {
    ...lines,
    progress(line) {
      latest = line
      if (terminal.isTTY) redraw()
      else lines.progress(current === undefined ? line : `${line} (${remaining()})`)
    },
    async phase(title, work) {
      const index = phases.findIndex((phase, at) => at >= next && phase.title === title)
      current = { index, startedAt: clock.now().getTime() }
      next = index + 1
      latest = ''
      lines.info(`\n${headline(index)}: ${remaining()}`)
      redraw()
      try {
        const result = await work()
        return { result, seconds: passed() }
      } finally {
        terminal.status(undefined)
        current = undefined
      }
    },
    skip(title, why) {
      next = phases.findIndex((phase, at) => at >= next && phase.title === title) + 1
      lines.info(`\n${headline(next - 1)}: ${why}`)
    },
    stop() {
      clearInterval(timer)
      terminal.status(undefined)
    },
  }
}
