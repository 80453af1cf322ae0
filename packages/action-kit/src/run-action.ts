import { proxyEnvironment } from '@prebake/http'
import { CancelledError, PrebakeError, type Clock, type Reporter } from '@prebake/kernel'
import { actionsReporter } from './actions-reporter.ts'
import { cancellation } from './cancellation.ts'
import { debugRequests, isDebugMode } from './debug-log.ts'
import { environmentClock } from './environment-clock.ts'
import { reportFailure } from './report-failure.ts'
import { runState } from './run-state.ts'
import { writeSummary } from './write-summary.ts'

/** What each phase of an action receives. */
export interface ActionContext {
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal
  readonly reporter: Reporter
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
}

export interface Action {
  /** The annotations' title: "build-snapshot". */
  readonly name: string
  readonly main: (context: ActionContext) => Promise<void>
  /** Cleans up, whatever the outcome of `main`. */
  readonly post?: (context: ActionContext) => Promise<void>
  /** Codes of errors of `post` that fail the job: something stays that costs money until a person ends it. Any other is a warning. */
  readonly postFailsJob?: readonly string[]
}

/** After a cancel the runner waits 7.5 s before SIGTERM. Work that has not ended by then is abandoned. */
const cancelGraceMs = 4000
/** Idle keep-alive sockets would keep the process running for up to a minute. */
const lingerMs = 100

/**
 * Runs the phase that the runner asks for and sets the step's result: a failure of `main` is one error annotation and exit code 1, a cancel is a warning
 * and exit code 1, a failure of `post` is a warning and exit code 0, except for those that fail the job.
 * Never rejects. The process exits soon after, even with open sockets.
 */
export async function runAction({ name, main, post, postFailsJob = [] }: Action): Promise<void> {
  const { env } = process
  const signal = cancellation()
  const reporter = actionsReporter(env)
  if (isDebugMode(env)) debugRequests(reporter)
  const state = runState(['isPost'])
  const isPost = state.read().isPost === 'true'

  const work = async () => {
    reporter.debug(`${isPost ? 'post' : 'main'} of ${name}: Node ${process.version}, ${process.platform} ${process.arch}`)
    const context: ActionContext = { signal, reporter, clock: environmentClock(env), env }
    if (isPost) return post?.(context)
    // First of all: if main is killed, the next start of this program must know that it is the post phase.
    if (post) state.save({ isPost: 'true' })
    // Here, so that a malformed proxy is the same error in every action, whichever client would meet it first.
    proxyEnvironment(env)
    return main(context)
  }
  const fail = (error: unknown) => {
    const cancelled = signal.aborted || error instanceof CancelledError
    const failsJob = !isPost || (error instanceof PrebakeError && postFailsJob.includes(error.errorCode ?? ''))
    reportFailure(
      {
        level: cancelled || !failsJob ? 'warning' : 'error',
        title: isPost ? `${name} (post)` : name,
        error,
        // Libraries throw different errors for a cancelled call.
        ...(cancelled && !(error instanceof CancelledError) && { message: new CancelledError().message }),
      },
      env,
    )
    process.exitCode = failsJob ? 1 : 0
  }

  try {
    await Promise.race([work(), uncaught(), graceAfter(signal)])
  } catch (error) {
    fail(error)
  }
  try {
    reporter.finish()
    await writeSummary(env)
  } catch (error) {
    // The run has done its work, even without its summary.
    reportFailure({ level: 'warning', title: name, error }, env)
  }
  setTimeout(() => process.exit(), lingerMs).unref()
}

/** Rejects with an uncaught error, so that it gets an annotation instead of Node's stack trace. */
function uncaught(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.on('uncaughtException', reject)
  })
}

/** Rejects some time after a cancel, for work that ignores its signal. */
function graceAfter(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason), cancelGraceMs), { once: true })
  })
}
