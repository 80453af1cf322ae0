import { readFileSync } from 'node:fs'

/** A request as the API server itself has written it down (audit.k8s.io/v1 Event), with what is used of it. */
export interface Audited {
  readonly auditID: string
  readonly stage: string
  readonly verb: string
  readonly userAgent?: string
  readonly requestURI: string
  readonly objectRef?: { readonly resource?: string; readonly name?: string; readonly subresource?: string }
  readonly requestObject?: { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } }
  /** With microseconds. */
  readonly stageTimestamp: string
}

/** Whatever the log has. The API server writes a line before it answers. */
export function readAudit(file: string): readonly Audited[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Audited] : []))
}

/** When each pod was given its Ready condition, in milliseconds since 1970, by its name. */
export function readyStamps(log: readonly Audited[]): ReadonlyMap<string, number> {
  const made = log.filter(({ requestObject }) => requestObject?.status?.conditions?.some(isReady) === true)
  return new Map(made.map(({ objectRef, stageTimestamp }) => [objectRef?.name ?? '', Date.parse(stageTimestamp)]))
}

/** Requests of a client that calls itself so, each once, by what they do. */
export function requestsOf(log: readonly Audited[], userAgent: string): ReadonlyMap<string, number> {
  const mine = log.filter((event) => event.userAgent?.startsWith(userAgent) === true)
  const verbs = new Map(mine.map(({ auditID, verb, objectRef }) => [auditID, `${verb} ${objectRef?.resource ?? 'discovery'}`]))
  const counts = new Map<string, number>()
  for (const verb of verbs.values()) counts.set(verb, (counts.get(verb) ?? 0) + 1)
  return counts
}

const isReady = ({ type, status }: { readonly type: string; readonly status: string }) => type === 'Ready' && status === 'True'
