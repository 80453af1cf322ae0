import { vllmForms } from './vllm-forms.ts'
import type { VllmForm } from './vllm-form.ts'

export interface FoundForm {
  readonly form: VllmForm
  /** Where the message begins in the text. */
  readonly at: number
  /** The part that the form matches. */
  readonly said: string
  readonly groups: Readonly<Record<string, string | undefined>>
}

/** Everything before a message is shorter: stamps, process tags, the user's own prefix. */
const longestHeader = 512

const formsByFirstCode = Map.groupBy(vllmForms, ({ says }) => says.charCodeAt(0))
/** Looked up for nearly every word of a log, where an array is three times as fast as the map. */
const asciiForms = Array.from({ length: 128 }, (_, code) => formsByFirstCode.get(code))

const [space, tab, quote] = [0x20, 0x09, 0x22]
/**
 * What a character can be the end of: `[core.py:77] `, `(APIServer pid=1) `, `INFO: `, ` | `, ` - `, and `?` for a logo in the wrong encoding;
 * of a field also without a space: `INFO:vllm.engine:`, `msg=`, `"message":"`.
 */
const [header, field, level] = [1, 2, 3]
const levels = ['INFO', 'WARNING', 'ERROR', 'DEBUG', 'CRITICAL']
const endOf = new Uint8Array(128)
for (const character of ')}->?') endOf[character.charCodeAt(0)] = header
for (const character of ']:|="') endOf[character.charCodeAt(0)] = field
for (const word of levels) endOf[word.charCodeAt(word.length - 1)] = level

/**
 * The form of a line with any header: vLLM's, uvicorn's, that of any logging configuration, JSON, the stamps and tags of log collectors. A message
 * begins where a header can end, so that the same words in the middle of a sentence do not match. One pass, no search.
 */
export function findForm(text: string): FoundForm | undefined {
  const end = Math.min(text.length, longestHeader)
  let previous = quote
  let previousAt = -1
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === space || code === tab) continue
    const forms = code < 128 ? asciiForms[code] : undefined
    if (forms !== undefined && mayBegin(text, at, previous, previousAt)) {
      const found = firstThatFits(forms, text, at)
      if (found !== undefined) return found
    }
    previous = code
    previousAt = at
  }
  return undefined
}

function mayBegin(text: string, at: number, previous: number, previousAt: number): boolean {
  // The block letters of the logo are not ASCII.
  const end = previous < 128 ? endOf[previous] : header
  if (end === field) return true
  if (previousAt === at - 1) return false
  return end === header || (end === level && levels.some((word) => text.startsWith(word, previousAt + 1 - word.length)))
}

function firstThatFits(forms: readonly VllmForm[], text: string, at: number): FoundForm | undefined {
  for (const form of forms) {
    if (!text.startsWith(form.says, at)) continue
    if (form.rest === undefined) return { form, at, said: form.says, groups: {} }
    form.rest.lastIndex = at + form.says.length
    const match = form.rest.exec(text)
    if (match !== null) return { form, at, said: form.says + match[0], groups: match.groups ?? {} }
  }
  return undefined
}
