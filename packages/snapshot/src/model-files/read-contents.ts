import { InputError, mapConcurrently, type Problem } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { ModelFile, ModelHub, ModelListing } from '../ports/model-hub.ts'

/** The JSON files that decide what is baked, parsed, by path. */
export type ModelContents = ReadonlyMap<string, unknown>

/** Without these the selection would be wrong, so one that is too large is refused. */
const decisive = [
  'config.json',
  'model.safetensors.index.json',
  'consolidated.safetensors.index.json',
  'modules.json',
  'adapter_config.json',
]

/** Of these only `auto_map` counts. Those that list a tokenizer's tokens may be larger; their classes are transformers' own, and they are not read. */
const withCode = ['tokenizer_config.json', 'processor_config.json', 'preprocessor_config.json', 'video_preprocessor_config.json']

/** In bytes. Indexes name each tensor with its file: 9 MB for DeepSeek-R1, tens of MB for a quantized mixture of a thousand experts. */
const mostBytes = { index: 128 * 2 ** 20, decisive: 16 * 2 ** 20, withCode: 1_000_000 }
const concurrency = 4

/**
 * Reads the files that the selection depends on, with one request each. Each request has the hub client's own time limit.
 * @throws InputError naming every file that is too large or not JSON
 */
export async function readContents(hub: Pick<ModelHub, 'read'>, listing: ModelListing, signal: AbortSignal): Promise<ModelContents> {
  const isReadable = ({ path, size }: ModelFile) => decisive.includes(path) || (withCode.includes(path) && size <= mostBytes.withCode)
  const files = listing.files.filter(isReadable)
  const oversized = files.filter((file) => file.size > limitFor(file))
  if (oversized.length > 0) throw new InputError(oversized.map((file) => tooLarge(listing.model, file)))

  const texts = await mapConcurrently(files, concurrency, async (file) => new TextDecoder().decode(await hub.read(listing, file, signal)))
  const contents = new Map<string, unknown>()
  const problems: Problem[] = []
  for (const [position, { path }] of files.entries()) {
    try {
      contents.set(path, parsePythonJson(texts[position] ?? ''))
    } catch (error) {
      const wrong = `\`${path}\` of \`${listing.model}\` is not valid JSON: ${(error as Error).message.replace(/[\p{Cc}\uFFFD]+/gu, ' ')}.`
      const remedy = 'vLLM cannot read it either. Choose another revision, or report it to the owner.'
      problems.push({ code: 'model-file-malformed' satisfies SnapshotErrorCode, input: 'model', wrong, remedy })
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  return contents
}

const limitFor = ({ path }: ModelFile) => (path.endsWith('.index.json') ? mostBytes.index : mostBytes.decisive)

function tooLarge(model: string, file: ModelFile): Problem {
  const wrong = `\`${file.path}\` of \`${model}\` has ${file.size} bytes; the limit is ${limitFor(file)}.`
  const remedy = 'Its content probably does not match its name. Choose another revision.'
  return { code: 'model-file-malformed' satisfies SnapshotErrorCode, input: 'model', wrong, remedy }
}

/**
 * JSON as Python writes and reads it: with `NaN`, `Infinity` and `-Infinity`, such as in the `time_step_limit` of Mamba 2 configurations. They become null
 * here, since nothing in the selection depends on them.
 */
function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) => (token.startsWith('"') ? token : 'null'))
    if (plain === text) throw error
    return JSON.parse(plain)
  }
}
