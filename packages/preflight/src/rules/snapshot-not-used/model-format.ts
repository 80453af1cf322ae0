import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { unknown } from '../../subject/environment.ts'
import { serversOnSnapshots } from '../../subject/on-snapshots.ts'
import { servedModel } from '../../subject/served-model.ts'
import { rule, type Rule } from '../rule.ts'

const formats = ['load-format', 'config-format'] as const

/** Formats in which vLLM looks for files that are not baked. */
export const modelFormat: readonly Rule[] = [
  rule({
    id: 'guessed-format',
    severity: 'warning',
    about: '`--load-format` or `--config-format` is left to vLLM, which takes Mistral’s own format where it is listed.',
    each: serversOnSnapshots,
    judge: (server): Flaw | Unjudged | undefined => {
      const given = formats.map((name) => server.serve.flag(name))
      // What an address needs is not on the snapshot at all.
      if (servedModel(server).from === 'address') return undefined
      if (given.includes(unknown)) return unjudged(server, 'args', 'some arguments are not written out')
      const guessed = formats.filter((_, index) => (given[index] ?? 'auto') === 'auto')
      if (guessed.length === 0) return undefined
      const names = guessed.map((name) => `--${name}`).join(' and ')
      const problem = `${names} ${guessed.length > 1 ? 'are' : 'is'} left to a guess, which for Mistral's models ends at files that are not baked.`
      return flaw(server, 'args', problem, 'Add `--load-format=safetensors` and `--config-format=hf`.')
    },
  }),
  rule({
    id: 'mistral-format',
    severity: 'warning',
    about: "Mistral's own format is asked for, but only the Hugging Face set of weights is baked where a repository has both.",
    each: serversOnSnapshots,
    judge: (server) => {
      const asked = formats.find((name) => server.serve.flag(name) === 'mistral')
      if (asked === undefined) return undefined
      const problem = `--${asked}=mistral reads consolidated.safetensors, which is not baked where the repository also has shards.`
      const fix = 'Use `--load-format=safetensors --config-format=hf`, unless the repository has only Mistral’s set.'
      return flaw(server, 'args', problem, fix)
    },
  }),
]
