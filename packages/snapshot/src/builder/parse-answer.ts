/** The response of a host script, parsed from the output of its command (host/README.md, "What a command answers"). */
export interface Answer {
  /** By kind (`key`, `status`, `sealed` …), the text after it. */
  readonly lines: ReadonlyMap<string, readonly string[]>
  /** The script's own error, if any. */
  readonly error: string | undefined
  /** Whether any line was for the runner. If none was, the script did not run. */
  readonly spoke: boolean
}

export function parseAnswer(output: string): Answer {
  const lines = new Map<string, string[]>()
  for (const text of output.split('\n')) {
    const match = /^prebake:([a-z]+) ?(.*?)\r?$/.exec(text)
    if (match?.[1] === undefined) continue
    lines.set(match[1], [...(lines.get(match[1]) ?? []), match[2] ?? ''])
  }
  return { lines, error: lines.get('error')?.at(-1), spoke: lines.size > 0 }
}

/** Reads `name=value` fields; the field named in `rest` takes the remaining text. */
export function parseFields(text: string, rest?: string): Readonly<Record<string, string>> {
  const at = rest === undefined ? -1 : ` ${text}`.indexOf(` ${rest}=`)
  const head = at < 0 ? text : text.slice(0, at)
  const fields: Record<string, string> = {}
  for (const word of head.trim().split(/\s+/)) {
    const equals = word.indexOf('=')
    if (equals > 0) fields[word.slice(0, equals)] = word.slice(equals + 1)
  }
  if (rest !== undefined && at >= 0) fields[rest] = text.slice(at + rest.length + 1)
  return fields
}

export interface BakeStatus {
  readonly state: 'idle' | 'running' | 'done' | 'failed' | 'gone'
  readonly files: Count
  readonly bytes: Count
  readonly images: Count
  /** Indexes of the files whose address is missing or was refused. */
  readonly wants: readonly number[]
  readonly kubelet: string
  readonly detail: string
}

export interface Count {
  readonly done: number
  readonly all: number
}

/** Undefined if the line is missing or incomplete: the state is then unknown, which is not a failure (facts B2). */
export function parseStatus(answer: Answer): BakeStatus | undefined {
  const fields = parseFields(answer.lines.get('status')?.at(-1) ?? '', 'detail')
  const { state, files, bytes, images, wants, kubelet, detail } = fields
  if (!isState(state) || files === undefined || bytes === undefined || images === undefined || wants === undefined) return undefined
  return {
    state,
    files: count(files),
    bytes: count(bytes),
    images: count(images),
    wants: wants === '-' ? [] : wants.split(',').map(Number),
    kubelet: kubelet ?? 'unknown',
    detail: detail ?? '',
  }
}

const states = ['idle', 'running', 'done', 'failed', 'gone'] as const

function isState(text: string | undefined): text is BakeStatus['state'] {
  return states.some((state) => state === text)
}

function count(text: string): Count {
  const [done = NaN, all = NaN] = text.split('/').map(Number)
  return { done, all }
}
