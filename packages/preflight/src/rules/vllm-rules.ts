import type { Fault, Rule } from '../finding.ts'
import { bakedPodsOf } from '../subject/placements.ts'
import { containerFault, type Container, type PodTemplate } from '../subject/pod-templates.ts'
import { fieldsOf, listAt, numberAt, readField, textAt } from '@prebake/manifests'
import { environmentOf, serveArguments, type ServeArguments } from '../subject/serve-arguments.ts'
import type { PreflightSubject } from '../subject/subject.ts'

type Found = { readonly field: string; readonly reason: string; readonly remedy: string } | undefined

/** Each container that starts vLLM on a node with a snapshot. */
function judgeEach(
  subject: PreflightSubject,
  judge: (serve: ServeArguments, container: Container, pod: PodTemplate) => Found,
): readonly Fault[] {
  return bakedPodsOf(subject).flatMap(({ pod }) =>
    pod.containers.flatMap((container): Fault[] => {
      const serve = serveArguments(container.fields)
      const found = serve && judge(serve, container, pod)
      return found === undefined ? [] : [containerFault(pod, container, found.field, found.reason, found.remedy)]
    }),
  )
}

const isPath = (model: string) => model.startsWith('/')

/** How vLLM is started: whether it finds what was baked, and how fast it can tell. */
export const vllmRules: readonly Rule[] = [
  {
    id: 'model-by-name',
    severity: 'warning',
    about: 'vLLM is given a name on the hub, not the baked path: online it lists the repository and may download what was left out.',
    judge: (subject) =>
      judgeEach(subject, ({ model }) =>
        model === undefined || isPath(model)
          ? undefined
          : {
              field: 'args',
              reason: `\`${model}\` is looked up on the hub, where other files may be listed than were baked, and those are downloaded at every start.`,
              remedy: 'Serve the baked path (`model-path` of build-snapshot) with `--served-model-name`.',
            },
      ),
  },
  {
    id: 'hub-online',
    severity: 'warning',
    about: '`HF_HUB_OFFLINE` is not `1`: a file that was not baked is downloaded without a word, instead of an error.',
    judge: (subject) =>
      judgeEach(subject, (_, { fields }) =>
        listAt(fields, 'envFrom').length > 0 || ['1', 'true', 'ON', 'YES'].includes(environmentOf(fields, 'HF_HUB_OFFLINE') ?? '')
          ? undefined
          : {
              field: 'env',
              reason: 'without HF_HUB_OFFLINE=1 vLLM asks the hub at every start, and downloads what it misses.',
              remedy: "Add `{ name: HF_HUB_OFFLINE, value: '1' }`.",
            },
      ),
  },
  {
    id: 'guessed-format',
    severity: 'warning',
    about: '`--load-format` or `--config-format` is left to vLLM, which takes Mistral’s own format where it is listed.',
    judge: (subject) =>
      judgeEach(subject, ({ flags }) => {
        const guessed = ['load-format', 'config-format'].filter((name) => (flags[name] ?? 'auto') === 'auto')
        if (guessed.length === 0) return undefined
        return {
          field: 'args',
          reason: `${guessed.map((name) => `--${name}`).join(' and ')} ${guessed.length > 1 ? 'are' : 'is'} left to a guess, which for Mistral's models ends at files that are not baked.`,
          remedy: 'Add `--load-format=safetensors` and `--config-format=hf`.',
        }
      }),
  },
  {
    id: 'mistral-format',
    severity: 'warning',
    about: "Mistral's own format is asked for, of which only the Hugging Face set of weights is baked where a repository has both.",
    judge: (subject) =>
      judgeEach(subject, ({ flags }) => {
        const asked = ['load-format', 'config-format'].filter((name) => flags[name] === 'mistral')
        if (asked.length === 0) return undefined
        return {
          field: 'args',
          reason: `--${asked[0]}=mistral reads consolidated.safetensors, which is not baked where the repository also has shards.`,
          remedy: 'Use `--load-format=safetensors --config-format=hf`, unless the repository has Mistral’s set alone.',
        }
      }),
  },
  {
    id: 'cache-on-read-only-mount',
    severity: 'error',
    about: 'A folder into which vLLM writes lies below a read-only mount.',
    judge: (subject) =>
      judgeEach(subject, (_, { fields }) => {
        const readOnly = listAt(fields, 'volumeMounts')
          .map(fieldsOf)
          .flatMap((mount) => (mount['readOnly'] === true ? (textAt(mount, 'mountPath') ?? []) : []))
        const lies = (path: string) => readOnly.some((folder) => path === folder || path.startsWith(`${folder}/`))
        const wrong = writtenTo.filter((name) => lies(environmentOf(fields, name) ?? ''))
        if (wrong.length === 0) return undefined
        return {
          field: 'env',
          reason: `${wrong.join(', ')} ${wrong.length > 1 ? 'point' : 'points'} below a read-only mount, and vLLM writes there.`,
          remedy: 'Point it to a writable mount, such as /cache.',
        }
      }),
  },
  {
    id: 'probe-floor',
    severity: 'warning',
    about: 'A startup or readiness probe that adds seconds after the model serves: an initial delay, or a long period.',
    judge: (subject) => judgeEach(subject, (_, { fields }) => probeFloor(fields)),
  },
  {
    id: 'liveness-without-startup',
    severity: 'warning',
    about: 'A liveness probe without a startup probe, which ends containers that are still loading the model.',
    judge: (subject) =>
      judgeEach(subject, (_, { fields }) => {
        const liveness = fields['livenessProbe']
        if (liveness === undefined || fields['startupProbe'] !== undefined) return undefined
        const seconds =
          (numberAt(liveness, 'initialDelaySeconds') ?? 0) +
          (numberAt(liveness, 'periodSeconds') ?? 10) * (numberAt(liveness, 'failureThreshold') ?? 3)
        if (seconds >= 600) return undefined
        return {
          field: 'livenessProbe',
          reason: `it ends a container that has not served after ${seconds} s, while vLLM may still be loading.`,
          remedy: 'Add a startupProbe with `periodSeconds: 2` and `failureThreshold: 900`.',
        }
      }),
  },
]

/** Variables that name a folder which vLLM or what it uses writes into. */
const writtenTo = [
  'HOME',
  'VLLM_CACHE_ROOT',
  'TRITON_CACHE_DIR',
  'TORCHINDUCTOR_CACHE_DIR',
  'FLASHINFER_WORKSPACE_BASE',
  'HF_MODULES_CACHE',
]

function probeFloor(container: unknown): Found {
  const startup = readField(container, 'startupProbe')
  const name = startup === undefined ? 'readinessProbe' : 'startupProbe'
  const probe = readField(container, name)
  if (probe === undefined) return undefined
  const delay = numberAt(probe, 'initialDelaySeconds') ?? 0
  const period = numberAt(probe, 'periodSeconds') ?? 10
  if (delay === 0 && period <= 5) return undefined
  const floor = delay > 0 ? `no pod is Ready before ${delay} s` : `a pod waits up to ${period} s after it serves`
  return {
    field: name,
    reason: `${floor}, however fast it starts.`,
    remedy: 'Set `periodSeconds: 2` and no `initialDelaySeconds` in a startupProbe.',
  }
}
