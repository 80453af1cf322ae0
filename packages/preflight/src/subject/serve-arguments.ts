import { textAt, textsAt } from '@prebake/manifests'
import { environmentOf, expandReferences, type Environment, type Word } from './environment.ts'
import { readShell } from './shell-script.ts'
import { readFlags, type ServeFlags } from './vllm-flags.ts'

/** How a container starts vLLM's server. */
export interface ServeArguments extends ServeFlags {
  /** What the server's process gets. */
  readonly environment: Environment
}

const isShell = (word: Word | undefined) => /(^|\/)(ba|da|a|k|z)?sh$/.test(word?.text ?? '')
/** Images whose name has vLLM's in it, and that are something else. */
const otherProgram = /router|proxy|gateway|exporter|metrics|benchmark|operator|controller|runtime-init|epp|sidecar/

/** Reads the arguments of `vllm serve` or of its older module form; undefined for a container that starts something else. */
export function serveArguments(container: unknown): ServeArguments | undefined {
  const environment = environmentOf(container)
  const expand = (field: string) => textsAt(container, field).map((word) => expandReferences(word, environment))
  const [command, args] = [expand('command'), expand('args')]
  const words = [...command, ...args]
  const option = words.findIndex(({ text }) => /^-\w*c$/.test(text))
  const script = isShell(words[0]) && option > 0 ? words[option + 1] : undefined
  if (script !== undefined) {
    for (const one of readShell(script.text, environment)) {
      const rest = afterProgram(one.words)
      if (rest !== undefined) return { ...readFlags(rest), environment: one.environment }
    }
    return undefined
  }
  const rest = afterProgram(words)
  if (rest !== undefined) return { ...readFlags(rest), environment }
  // The image's own entrypoint starts the server where there is no command.
  const [, repository = ''] = /([^/]*?)(?::[^/]*|@.*)?$/.exec(textAt(container, 'image') ?? '') ?? []
  const isOwn = command.length === 0 && repository.includes('vllm') && !otherProgram.test(repository)
  return isOwn ? { ...readFlags(args[0]?.text === 'serve' ? args.slice(1) : args), environment } : undefined
}

/** The words after `vllm serve`, or after the module; undefined where it is neither. */
function afterProgram(words: readonly Word[]): readonly Word[] | undefined {
  const serve = words.findIndex(({ text }, index) => text === 'serve' && /(^|\/)vllm$/.test(words[index - 1]?.text ?? ''))
  const module = words.findIndex(({ text }) => text === 'vllm.entrypoints.openai.api_server')
  return serve < 0 && module < 0 ? undefined : words.slice(Math.max(serve, module) + 1)
}
