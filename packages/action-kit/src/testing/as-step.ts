export interface StepTranscript<T> {
  /** What the work returned; throws what it threw. */
  readonly result: () => T
  /** What it wrote to standard output. */
  readonly log: string
}

/**
 * Does the work as a step of a workflow would that has these variables and no others: `@actions/core` knows only the process's own environment and standard
 * output. Both are put back before anything else can run, and so the work cannot be asynchronous.
 */
export function asStep<T>(variables: Readonly<Record<string, string>>, work: () => T): StepTranscript<T> {
  const environment = { ...process.env }
  const { stdout } = process
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was, not called
  const { write } = stdout
  const setEnvironment = (to: NodeJS.ProcessEnv) => {
    for (const name of Object.keys(process.env)) delete process.env[name]
    Object.assign(process.env, to)
  }
  let log = ''
  let result: () => T
  try {
    setEnvironment({ GITHUB_ACTIONS: 'true', ...variables })
    stdout.write = (text: string | Uint8Array) => {
      log += String(text)
      return true
    }
    const value = work()
    result = () => value
  } catch (error) {
    result = () => {
      throw error
    }
  } finally {
    stdout.write = write
    setEnvironment(environment)
  }
  return { result, log }
}
