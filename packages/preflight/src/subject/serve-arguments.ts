import { readField, textAt, textsAt } from '@prebake/manifests'

/** How a container starts vLLM's server. */
export interface ServeArguments {
  /** A path or the name of a repository on the hub. */
  readonly model: string | undefined
  /** By name without dashes; `''` for a flag without a value. The last wins, as with argparse. */
  readonly flags: Readonly<Record<string, string>>
}

/** Reads the arguments of `vllm serve` or of its older module form; undefined for a container that starts something else. */
export function serveArguments(container: unknown): ServeArguments | undefined {
  const command = textsAt(container, 'command')
  const given = [...command, ...textsAt(container, 'args')]
  // A shell's command line is split at spaces; quotes are not interpreted.
  const words = given.some((word) => /^-\w*c$/.test(word)) ? given.flatMap((word) => word.split(/\s+/)) : given
  const serve = words.findIndex((word, index) => word === 'serve' && /(^|\/)vllm$/.test(words[index - 1] ?? ''))
  const module = words.findIndex((word) => word === 'vllm.entrypoints.openai.api_server')
  if (serve < 0 && module < 0) {
    // The image's own entrypoint starts the server where there is no command.
    const ownEntrypoint = command.length === 0 && /vllm/.test(textAt(container, 'image') ?? '')
    return ownEntrypoint ? read(words) : undefined
  }
  return read(words.slice(Math.max(serve, module) + 1))
}

/** The value of an environment variable, where the container gives it literally. */
export function environmentOf(container: unknown, name: string): string | undefined {
  const entries = readField(container, 'env')
  const entry = Array.isArray(entries) ? entries.findLast((candidate) => textAt(candidate, 'name') === name) : undefined
  return textAt(entry, 'value')
}

function read(words: readonly string[]): ServeArguments {
  const flags: Record<string, string> = {}
  let model: string | undefined
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const [, name, value] = /^--([\w.-]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    if (name === undefined) model ??= word.startsWith('-') ? undefined : word
    else if (value !== undefined) flags[name.replaceAll('_', '-')] = value
    else {
      const next = words[index + 1]
      const takes = next !== undefined && !next.startsWith('-')
      flags[name.replaceAll('_', '-')] = takes ? next : ''
      if (takes) index += 1
    }
  }
  return { model: flags['model'] ?? model, flags }
}
