import { listAt, textAt, textsAt, type Fields } from '@prebake/manifests'
import { tidy } from '../subject/mounts.ts'
import type { Server } from '../subject/on-snapshots.ts'
import { servedModel } from '../subject/served-model.ts'
import type { BakedModel } from './baked-model.ts'
import type { ControlErrorCode } from './error-codes.ts'

export interface DownloadingServer {
  /** The container as it was. */
  readonly from: Fields
  readonly fields: Fields
  /** What it served: the path of the baked model in the container, or its name. */
  readonly served: string
}

interface NotDerived {
  readonly code: ControlErrorCode
  readonly wrong: string
}

const offline = ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE']

/** The container of a server, with the hub's name and commit in the place of the baked path, online; or why that cannot be written. */
export function downloadingServer(server: Omit<Server, 'volume'>, model: BakedModel): DownloadingServer | NotDerived {
  const { fields, name, serve } = server
  const found = servedModel(server)
  const onNode = found.from === 'path' && found.mounted.on === 'host' ? found.mounted.path : undefined
  const served =
    found.from === 'hub' && found.name === model.name ? model.name : onNode === model.path && found.from === 'path' ? found.path : undefined
  if (served === undefined) {
    const what = typeof serve.model === 'string' ? `\`${serve.model}\`` : 'what its manifest does not say'
    return { code: 'control-model-not-served', wrong: `container ${name} serves ${what}, not ${model.path} of the node.` }
  }
  const tokenizer = serve.flag('tokenizer')
  if (
    typeof tokenizer === 'symbol' ||
    (tokenizer !== undefined && !isServed(tokenizer, served) && serve.flag('tokenizer-revision') === undefined)
  ) {
    return {
      code: 'control-model-not-served',
      wrong: `container ${name} takes its tokenizer from elsewhere, in a commit that is not known.`,
    }
  }
  const words = { command: textsAt(fields, 'command'), args: textsAt(fields, 'args') }
  if (![...words.command, ...words.args].some((word) => isServed(word, served))) {
    return {
      code: 'control-path-left',
      wrong: `container ${name} has ${served} within a script or a variable, where nothing can be written in its place.`,
    }
  }
  const replaced = { command: words.command.map(byName), args: words.args.map(byName) }
  const last = words.args.length > 0 ? 'args' : 'command'
  return {
    from: fields,
    served,
    fields: {
      ...fields,
      ...(words.command.length > 0 && { command: replaced.command }),
      ...(words.args.length > 0 && { args: replaced.args }),
      // Of flags that stand twice the last wins (argparse), and the tokenizer's commit follows it (vllm/config/model.py).
      [last]: [...replaced[last], `--revision=${model.commit}`],
      ...(fields['env'] !== undefined || hasOthers(fields) ? { env: onlineEnvironment(fields) } : {}),
    },
  }

  function byName(word: string): string {
    return isServed(word, served ?? '') ? `${flagOf(word)}${model.name}` : word
  }
}

/** `--model=` of `--model=/mnt/models/…`. */
const flagOf = (word: string): string => /^--[\w.-]+=/.exec(word)?.[0] ?? ''

function isServed(word: string, served: string): boolean {
  const value = word.slice(flagOf(word).length)
  return value === served || (value.startsWith('/') && tidy(value) === served)
}

const hasOthers = (fields: Fields): boolean => listAt(fields, 'envFrom').length > 0

/** What a ConfigMap sets is overridden, because it may say offline. */
function onlineEnvironment(fields: Fields): readonly unknown[] {
  const kept = listAt(fields, 'env').filter((entry) => !offline.includes(textAt(entry, 'name') ?? ''))
  return hasOthers(fields) ? [...kept, ...offline.map((name) => ({ name, value: '0' }))] : kept
}
