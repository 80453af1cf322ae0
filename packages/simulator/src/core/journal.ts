import { appendFileSync, writeFileSync } from 'node:fs'

/** One request as a server saw it and answered it. */
export interface RecordedRequest {
  /** Simulated time, ISO 8601. */
  readonly time: string
  readonly server: string
  /** The API's own name for it (`RunInstances`), or method and route (`GET /api/models/…`). */
  readonly operation: string
  readonly method: string
  readonly path: string
  /** HTTP status; 0 when the connection was broken on purpose. */
  readonly status: number
  /** The request's parameters, credentials left out. */
  readonly parameters?: unknown
  /** The fault that was played, if one was. */
  readonly fault?: string
}

export interface Journal {
  record(request: RecordedRequest): void
  entries(): readonly RecordedRequest[]
}

/** Keeps every request, and appends each as a line to `file` where one is given. */
export function openJournal(file?: string): Journal {
  const entries: RecordedRequest[] = []
  if (file !== undefined) writeFileSync(file, '')
  return {
    record(request) {
      entries.push(request)
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(request)}\n`)
    },
    entries: () => entries,
  }
}
