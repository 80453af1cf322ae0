import { unknown, type Setting, type Word } from './environment.ts'

/** The arguments of vLLM's server. */
export interface ServeFlags {
  /** A path, an address, or the name of a repository on the hub. */
  readonly model: Setting
  /** By name without dashes, `tensor-parallel-size`; `''` for a flag without a value. The last wins, as with argparse. */
  readonly flag: (name: string) => Setting
}

const short: Readonly<Record<string, string>> = {
  tp: 'tensor-parallel-size',
  pp: 'pipeline-parallel-size',
  dp: 'data-parallel-size',
  dpl: 'data-parallel-size-local',
  ep: 'enable-expert-parallel',
  n: 'nnodes',
  r: 'node-rank',
  q: 'quantization',
  O: 'optimization-level',
}

/** Flags that are on by being there, beside those that begin with `enable-`, `disable-` or `no-` (vLLM 0.33, `vllm serve --help=all`). */
const switches = new Set([
  'async-scheduling',
  'calculate-kv-scales',
  'data-parallel-external-lb',
  'data-parallel-hybrid-lb',
  'enforce-eager',
  'exclude-tools-when-tool-choice-none',
  'fully-sharded-loras',
  'headless',
  'interleave-mm-strings',
  'kv-sharing-fast-prefill',
  'language-model-only',
  'log-error-stack',
  'ray-workers-use-nsight',
  'return-tokens-as-token-ids',
  'skip-mm-profiling',
  'skip-tokenizer-init',
  'trust-remote-code',
  'use-tqdm-on-load',
])
/** Flags that take every word up to the next flag. */
const lists = new Set(['api-key', 'cudagraph-capture-sizes', 'lora-modules', 'middleware', 'served-model-name'])

/** Reads the words after `vllm serve`, or after the older module. */
export function readFlags(words: readonly Word[]): ServeFlags {
  const flags = new Map<string, Setting>()
  let positional: Setting
  // A variable that is not known may hold any arguments, and so may a file of them.
  let isOpen = false
  for (let index = 0; index < words.length; index += 1) {
    const { text, isKnown } = words[index] ?? { text: '', isKnown: true }
    const [, long, abbreviated, given] = /^(?:--([\w.-]+)|-([A-Za-z]+))(?:=([\s\S]*))?$/.exec(text) ?? []
    const name = long?.replaceAll('_', '-') ?? (abbreviated === undefined ? undefined : (short[abbreviated] ?? abbreviated))
    if (name === undefined) {
      if (isKnown) positional ??= text
      else isOpen = true
    } else if (given !== undefined || !isKnown) flags.set(name, isKnown ? given : unknown)
    else {
      const taken = takenBy(name, words.slice(index + 1))
      const [value] = taken
      flags.set(name, value === undefined ? '' : value.isKnown ? value.text : unknown)
      index += taken.length
    }
  }
  isOpen ||= flags.has('config')
  const flag = (name: string) => (flags.has(name) ? flags.get(name) : isOpen ? unknown : undefined)
  return { model: flags.get('model') ?? positional ?? (isOpen ? unknown : undefined), flag }
}

function takenBy(name: string, next: readonly Word[]): readonly Word[] {
  const end = next.findIndex(({ text, isKnown }) => (isKnown || text !== '') && text.startsWith('-'))
  const values = end < 0 ? next : next.slice(0, end)
  if (lists.has(name)) return values
  const isSwitch = switches.has(name) || /^(?:enable|disable|no)-/.test(name)
  return values.slice(0, isSwitch && !/^(?:true|false)$/i.test(values[0]?.text ?? '') ? 0 : 1)
}
