/** A line of a file in the workspace. */
export interface FilePlace {
  /** Relative to the workspace. */
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** Progress as a port: what a use case reports to the person who watches the run. */
export interface Reporter {
  /** Runs `work` inside a titled group. Groups are not nested. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
  /** A fact, on one line. */
  info(line: string): void
  /** The current state of something awaited. Equal lines in a row are shown once. */
  progress(line: string): void
  notice(message: string): void
  /** @param place the line that the warning is about, if it is about a file */
  warning(message: string, place?: FilePlace): void
  /** A decision and its reasons, shown only when debug logging is on. Never a secret. */
  debug(line: string): void
  /** Adds markdown to the job summary. */
  summary(markdown: string): void
}
