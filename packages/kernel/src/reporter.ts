/** Progress as a port: what a use case tells the person who watches it. */
export interface Reporter {
  /** Runs `work` inside a titled group. Groups are not nested. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
  /** A fact, on one line. */
  info(line: string): void
  /** A state that changes while something is awaited. Repeated equal lines are shown once. */
  progress(line: string): void
  notice(message: string): void
  warning(message: string): void
  /** Adds markdown to the job summary. */
  summary(markdown: string): void
}
