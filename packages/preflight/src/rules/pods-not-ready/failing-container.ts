import { kubernetesArchitecture } from '@prebake/snapshot-record'
import { flaw, type Flaw, type Unjudged } from '../../finding.ts'
import { allowedTypes, unknownTypes } from '../../subject/allowed-types.ts'
import { serviceNames } from '../../subject/namespaces.ts'
import { snapshotOf } from '../../subject/node-classes.ts'
import { imagesOnSnapshots } from '../../subject/on-snapshots.ts'
import { placementsOf } from '../../subject/placements.ts'
import { linkedPods } from '../../subject/pod-templates.ts'
import { serveArguments } from '../../subject/serve-arguments.ts'
import { rule, type Rule } from '../rule.ts'

/** Containers that cannot start, crash, or are killed. */
export const failingContainer: readonly Rule[] = [
  rule({
    id: 'image-malformed',
    severity: 'error',
    about: 'The image is not a reference that the kubelet can read: its pods fail with `InvalidImageName`.',
    each: imagesOnSnapshots,
    judge: (container) => {
      const { image, text } = container
      if (image.malformed === undefined) return undefined
      const problem = `\`${text}\` is not an image reference: ${image.malformed}.`
      return flaw(container, container.field, problem, 'Write it as `registry/repository@sha256:…`.')
    },
  }),
  rule({
    id: 'snapshot-architecture',
    severity: 'error',
    about: 'The NodePool allows only instance types of another architecture than the image on the snapshot.',
    needs: ['snapshot'],
    each: placementsOf,
    judge: ({ pod, pool, volume }, subject): Flaw | Unjudged | undefined => {
      const baked = volume && snapshotOf(subject, volume)?.baked
      // Weights are the same on every architecture.
      const written = baked && baked.images.length > 0 ? baked.architecture : undefined
      const wanted = written && kubernetesArchitecture(written)
      const { types, unknown } = allowedTypes(pool, pod.spec, subject.instanceTypes)
      if (wanted === undefined || types.some(({ architecture }) => architecture === wanted)) return undefined
      if (unknown) return unknownTypes(pool)
      if (types.length === 0) return undefined
      const problem = `${volume?.snapshotId} holds an image for ${wanted}, and every allowed type is ${types[0]?.architecture}.`
      const fix = `Allow ${wanted} types, or build for the other architecture.`
      return flaw(pool, 'spec.template.spec.requirements', problem, fix)
    },
  }),
  rule({
    id: 'service-link-port',
    severity: 'error',
    about:
      'A Service named `vllm` gives pods with service links `VLLM_PORT=tcp://…`, on which vLLM crashes unless it has a `VLLM_PORT` of its own.',
    needs: ['services'],
    each: linkedPods,
    judge: (pod, subject) => {
      const servers = pod.containers.flatMap(({ fields }) => serveArguments(fields) ?? [])
      const isOwn = servers.every(({ environment }) => environment('VLLM_PORT') !== undefined)
      if (isOwn || !serviceNames(subject, pod.namespace).includes('vllm')) return undefined
      const problem = `the Service vllm in ${pod.namespace} sets VLLM_PORT=tcp://… in its pods, and vLLM crashes on it.`
      return flaw(pod, 'enableServiceLinks', problem, 'Set `enableServiceLinks: false`, or rename the Service.')
    },
  }),
]
