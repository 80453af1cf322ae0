import { valueOf } from '../ports/fact.ts'
import type { Fault, Rule } from '../finding.ts'
import { isRefusedByKarpenter } from '../subject/karpenter-labels.ts'
import { bakedPodsOf, type Placement } from '../subject/placements.ts'
import { containerFault, podFault, podTemplatesOf, type PodTemplate } from '../subject/pod-templates.ts'
import { fieldsOf, listAt, readField, textAt } from '@prebake/manifests'
import { serveArguments } from '../subject/serve-arguments.ts'
import type { PreflightSubject } from '../subject/subject.ts'

interface HostPath {
  readonly pod: PodTemplate
  readonly name: string
  readonly path: string
  readonly type: string
  readonly field: string
}

function hostPathsOf(pod: PodTemplate): readonly HostPath[] {
  return listAt(pod.spec, 'volumes').flatMap((volume, index): HostPath[] => {
    const path = textAt(volume, 'hostPath.path')
    const found = {
      pod,
      name: textAt(volume, 'name') ?? '',
      type: textAt(volume, 'hostPath.type') ?? '',
      field: `volumes[${index}].hostPath`,
    }
    return path === undefined ? [] : [{ ...found, path }]
  })
}

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
const hidden = ['/local/mnt', '/local/opt', '/local/var']
const unreadable = ['/local/host-containers', '/local/bootstrap-containers']

/** Pods: where they look for the baked model, and which nodes they ask for. */
export const podRules: readonly Rule[] = [
  {
    id: 'hidden-host-path',
    severity: 'error',
    about:
      'A hostPath that Bottlerocket hides from pods: below `/local/mnt`, `/local/opt` and `/local/var`, or in the folders of host containers.',
    judge: (subject) =>
      podTemplatesOf(subject)
        .flatMap(hostPathsOf)
        .flatMap(({ pod, path, field }): Fault[] => {
          const masked = hidden.find((folder) => isBelow(path, folder))
          if (masked !== undefined) {
            const reason = `Bottlerocket covers ${masked} with an empty folder; what lies there is at ${masked.replace('/local', '')}.`
            return [podFault(pod, `${field}.path`, reason, `Set \`path: ${path.replace('/local', '')}\`.`)]
          }
          if (!unreadable.some((folder) => isBelow(path, folder))) return []
          const reason = 'SELinux lets no pod read the folders of host and bootstrap containers.'
          return [podFault(pod, `${field}.path`, reason, 'Bake into /mnt, and mount from there.')]
        }),
  },
  {
    id: 'model-path-not-baked',
    severity: 'error',
    about: 'vLLM serves a path below a baked folder that is not the model on the snapshot.',
    needs: ['snapshot'],
    judge: (subject) => bakedPodsOf(subject).flatMap((placement) => wrongModelPath(subject, placement)),
  },
  {
    id: 'model-mount-created',
    severity: 'warning',
    about: 'The baked folder is mounted so that it is made where it is missing: a node without the snapshot then starts with an empty one.',
    judge: (subject) =>
      bakedPodsOf(subject).flatMap(({ pod }) =>
        hostPathsOf(pod).flatMap(({ path, type, field }): Fault[] => {
          if (!isBelow(path, '/mnt/models') || type === 'Directory') return []
          const reason = 'on a node without the snapshot the pod starts all the same, and finds nothing or downloads.'
          return [podFault(pod, `${field}.type`, reason, 'Set `type: Directory`.')]
        }),
      ),
  },
  {
    id: 'model-mount-writable',
    severity: 'warning',
    about: 'The baked folder is mounted writable: any pod can change the model for all others of its node.',
    judge: (subject) => bakedPodsOf(subject).flatMap(({ pod }) => writableMounts(pod)),
  },
  {
    id: 'refused-node-label',
    severity: 'error',
    about: "Pods select nodes by a label in Karpenter's own domain that is not well known to it: they stay Pending for ever.",
    judge: (subject) => podTemplatesOf(subject).flatMap(refusedLabels),
  },
  {
    id: 'no-gpu-asked',
    severity: 'warning',
    about: 'vLLM on a GPU node without an `nvidia.com/gpu` limit: it starts before the driver is there, or beside another pod on its GPU.',
    judge: (subject) =>
      bakedPodsOf(subject).flatMap(({ pod }) =>
        pod.containers.flatMap((container): Fault[] => {
          const limits = fieldsOf(readField(container.fields, 'resources.limits'))
          if (serveArguments(container.fields) === undefined || limits['nvidia.com/gpu'] !== undefined) return []
          const reason = 'nothing keeps the pod away until the GPU is there, or other pods away from it.'
          return [containerFault(pod, container, 'resources.limits', reason, 'Set the limit `nvidia.com/gpu: 1`.')]
        }),
      ),
  },
  {
    id: 'progress-deadline',
    severity: 'warning',
    about: '`progressDeadlineSeconds` of 600 (the default) or less, which can end before a GPU node is found and has started.',
    judge: (subject) =>
      bakedPodsOf(subject).flatMap(({ pod }): Fault[] => {
        const { object, source } = pod.workload
        const seconds = readField(object, 'spec.progressDeadlineSeconds') ?? 600
        if (object.kind !== 'Deployment' || typeof seconds !== 'number' || seconds > 600) return []
        const reason = `after ${seconds} s without a new pod the Deployment counts as failed; a GPU node alone can take longer where capacity is short.`
        const place = { source, object: `Deployment ${pod.namespace}/${object.metadata.name}`, field: 'spec.progressDeadlineSeconds' }
        return [{ place, reason, remedy: 'Set `progressDeadlineSeconds: 1800`.' }]
      }),
  },
]

function wrongModelPath(subject: PreflightSubject, { pod, volume }: Pick<Placement, 'pod' | 'volume'>): readonly Fault[] {
  const wanted = volume && valueOf(subject.facts.snapshot[volume.snapshotId])?.baked?.modelPath
  if (volume === undefined || wanted === undefined) return []
  return pod.containers.flatMap((container): Fault[] => {
    const model = serveArguments(container.fields)?.model
    if (model === undefined || !isBelow(model, '/mnt/models') || model.replace(/\/$/, '') === wanted) return []
    const reason = `${volume.snapshotId} has its model at ${wanted}, not at ${model}.`
    return [containerFault(pod, container, 'args', reason, `Serve \`${wanted}\`, or roll out the snapshot of that model.`)]
  })
}

function writableMounts(pod: PodTemplate): readonly Fault[] {
  const baked = hostPathsOf(pod).filter(({ path }) => isBelow(path, '/mnt/models'))
  return pod.containers.flatMap((container) =>
    listAt(container.fields, 'volumeMounts').flatMap((mount, index): Fault[] => {
      const isBaked = baked.some(({ name }) => name === textAt(mount, 'name'))
      if (!isBaked || readField(mount, 'readOnly') === true) return []
      const reason = 'what this pod writes there, every other pod of the node reads.'
      return [containerFault(pod, container, `volumeMounts[${index}]`, reason, 'Set `readOnly: true`.')]
    }),
  )
}

function refusedLabels(pod: PodTemplate): readonly Fault[] {
  const affinity = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'
  const selected = Object.keys(fieldsOf(pod.spec['nodeSelector'])).map((key) => ({ key, field: 'nodeSelector' }))
  const required = listAt(pod.spec, affinity).flatMap((term, index) =>
    listAt(term, 'matchExpressions').map((expression) => ({ key: textAt(expression, 'key') ?? '', field: `${affinity}[${index}]` })),
  )
  return [...selected, ...required].flatMap(({ key, field }): Fault[] => {
    if (!isRefusedByKarpenter(key)) return []
    const reason = `Karpenter ignores pods that select by \`${key}\`, although it sets that label itself: they stay Pending for ever.`
    return [podFault(pod, field, reason, 'Select by a label of your own, which the NodePool gives its nodes.')]
  })
}
