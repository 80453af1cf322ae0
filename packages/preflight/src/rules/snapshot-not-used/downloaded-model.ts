import { listAt } from '@prebake/manifests'
import { flaw } from '../../finding.ts'
import { hostPathsOf, isBelow, modelFolder } from '../../subject/host-paths.ts'
import { podsOnSnapshots, serversOnSnapshots } from '../../subject/on-snapshots.ts'
import { environmentOf } from '../../subject/serve-arguments.ts'
import { rule, type Rule } from '../rule.ts'

/** Models that vLLM looks up on the hub although the snapshot has one. */
export const downloadedModel: readonly Rule[] = [
  rule({
    id: 'model-by-name',
    severity: 'warning',
    about: 'vLLM is given a name on the hub, not the baked path: online it lists the repository and may download what was left out.',
    each: serversOnSnapshots,
    judge: (server) => {
      const { model } = server.serve
      if (model === undefined || model.startsWith('/')) return undefined
      const problem = `\`${model}\` is looked up on the hub, where other files may be listed than were baked, and those are downloaded at every start.`
      return flaw(server, 'args', problem, 'Serve the baked path (`model-path` of build-snapshot) with `--served-model-name`.')
    },
  }),
  rule({
    id: 'hub-online',
    severity: 'warning',
    about: '`HF_HUB_OFFLINE` is not `1`: a file that was not baked is downloaded silently, instead of an error.',
    each: serversOnSnapshots,
    judge: (server) => {
      const offline = ['1', 'true', 'ON', 'YES'].includes(environmentOf(server.fields, 'HF_HUB_OFFLINE') ?? '')
      if (offline || listAt(server.fields, 'envFrom').length > 0) return undefined
      const problem = 'without HF_HUB_OFFLINE=1 vLLM asks the hub at every start, and downloads what is missing.'
      return flaw(server, 'env', problem, "Add `{ name: HF_HUB_OFFLINE, value: '1' }`.")
    },
  }),
  rule({
    id: 'guessed-format',
    severity: 'warning',
    about: '`--load-format` or `--config-format` is left to vLLM, which takes Mistral’s own format where it is listed.',
    each: serversOnSnapshots,
    judge: (server) => {
      const guessed = ['load-format', 'config-format'].filter((name) => (server.serve.flags[name] ?? 'auto') === 'auto')
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
      const [asked] = ['load-format', 'config-format'].filter((name) => server.serve.flags[name] === 'mistral')
      if (asked === undefined) return undefined
      const problem = `--${asked}=mistral reads consolidated.safetensors, which is not baked where the repository also has shards.`
      const fix = 'Use `--load-format=safetensors --config-format=hf`, unless the repository has only Mistral’s set.'
      return flaw(server, 'args', problem, fix)
    },
  }),
  rule({
    id: 'model-mount-created',
    severity: 'warning',
    about: 'The hostPath of the baked folder creates it where it is missing: a node without the snapshot then starts with an empty one.',
    each: (subject) => podsOnSnapshots(subject).flatMap(({ pod }) => hostPathsOf(pod)),
    judge: (volume) => {
      if (!isBelow(volume.hostPath, modelFolder) || volume.type === 'Directory') return undefined
      const problem = 'on a node without the snapshot the pod starts all the same, and finds nothing or downloads.'
      return flaw(volume, 'type', problem, 'Set `type: Directory`.')
    },
  }),
]
