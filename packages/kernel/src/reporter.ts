/** A line of a file of the workspace. */
export interface FilePlace {
  /** Relative to the workspace. */
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** Progress as a port: what a use case reports to the person who watches it. */
export interface Reporter {
  /** Runs `work` inside a titled group. Groups are not nested. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
  /** A fact, on one line. */
  info(line: string): void
  /** A state that changes while something is awaited. Repeated equal lines are shown once. */
  progress(line: string): void
  notice(message: string): void
  /** @param place what the warning is about, where that is a line of a file */
  warning(message: string, place?: FilePlace): void
  /** A decision and what it rests on, shown only where debug logging is on. Never a secret. */
  debug(line: string): void
  /** Adds markdown to the job summary. */
  summary(markdown: string): void
}
