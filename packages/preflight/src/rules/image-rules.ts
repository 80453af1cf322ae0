import { valueOf } from '../ports/fact.ts'
import type { Fault, Rule } from '../finding.ts'
import { readImage, type PodImage } from '../subject/pod-image.ts'
import { bakedPodsOf } from '../subject/placements.ts'
import { containerFault, type Container, type PodTemplate } from '../subject/pod-templates.ts'
import { textAt } from '@prebake/manifests'
import type { BakedContent } from '../ports/snapshot-facts.ts'
import type { PreflightSubject } from '../subject/subject.ts'

interface Judged {
  readonly container: Container
  readonly image: PodImage
  /** As it is written. */
  readonly text: string
  readonly snapshotId: string
  /** Undefined where the snapshot is not known, or no image lies on it. */
  readonly baked: BakedContent | undefined
}

type Found = { readonly field: string; readonly reason: string; readonly remedy: string } | undefined

/** Each container of a pod on baked nodes. */
function judgeEach(subject: PreflightSubject, judge: (judged: Judged, pod: PodTemplate) => Found): readonly Fault[] {
  return bakedPodsOf(subject).flatMap(({ pod, volume }) => {
    const known = valueOf(subject.facts.snapshot[volume.snapshotId])?.baked
    const baked = known !== undefined && known.images.length > 0 ? known : undefined
    return pod.containers.flatMap((container): Fault[] => {
      const text = textAt(container.fields, 'image')
      if (text === undefined) return []
      const found = judge({ container, image: readImage(text), text, snapshotId: volume.snapshotId, baked }, pod)
      return found === undefined ? [] : [containerFault(pod, container, found.field, found.reason, found.remedy)]
    })
  })
}

const isLatest = ({ tag, digest, malformed }: PodImage) =>
  malformed === undefined && digest === undefined && (tag === undefined || tag === 'latest')

/** A tag holds 256 characters, of which the digest takes 71: a longer name is cut in it. */
const isSameName = (baked: string, asked: string) => baked === asked || (baked.length >= 184 && asked.startsWith(baked))

/** Images of pods on nodes with a snapshot: whether what was baked is what starts. */
export const imageRules: readonly Rule[] = [
  {
    id: 'image-pull-always',
    severity: 'error',
    about: '`imagePullPolicy: Always` asks the registry at every start, baked or not.',
    judge: (subject) =>
      judgeEach(subject, ({ container }) =>
        textAt(container.fields, 'imagePullPolicy') === 'Always'
          ? {
              field: 'imagePullPolicy',
              reason: 'the kubelet asks the registry at every start, and pulls where the tag has moved.',
              remedy: 'Set `imagePullPolicy: IfNotPresent`.',
            }
          : undefined,
      ),
  },
  {
    id: 'image-malformed',
    severity: 'error',
    about: 'The image is not a reference that the kubelet can read: its pods end as `InvalidImageName`.',
    judge: (subject) =>
      judgeEach(subject, ({ image, text }) =>
        image.malformed === undefined
          ? undefined
          : {
              field: 'image',
              reason: `\`${text}\` is not an image reference: ${image.malformed}.`,
              remedy: 'Write it as `registry/repository@sha256:…`.',
            },
      ),
  },
  {
    id: 'image-latest',
    severity: 'error',
    about: 'An image by `:latest` or without a tag: nobody knows whether it is the baked one, and the default is to pull it always.',
    judge: (subject) =>
      judgeEach(subject, ({ image, text }) =>
        isLatest(image)
          ? {
              field: 'image',
              reason: `\`${text}\` means whatever is newest, which is pulled at every start unless a policy forbids it.`,
              remedy: 'Name the image by its digest, as build-snapshot does.',
            }
          : undefined,
      ),
  },
  {
    id: 'image-not-baked',
    severity: 'error',
    about: 'The image is not on the snapshot: another name, or another digest.',
    needs: ['snapshot'],
    judge: (subject) => judgeEach(subject, notBaked),
  },
  {
    id: 'image-by-tag',
    severity: 'warning',
    about: 'The image is named by a tag, of which nobody can tell whether it still is the baked image.',
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, ({ image, baked, snapshotId }) => {
        const same = baked?.images.filter(({ name }) => isSameName(name, image.name)) ?? []
        const [first] = same
        if (image.digest !== undefined || isLatest(image) || first === undefined) return undefined
        return {
          field: 'image',
          reason: `the tag ${image.tag} may mean another image than the one on ${snapshotId}, and is then pulled.`,
          remedy: `Write \`${first.name}@${first.digest}\`.`,
        }
      }),
  },
]

function notBaked({ container, image, baked, snapshotId }: Judged, pod: PodTemplate): Found {
  // A sidecar's image is small and need not be baked; the container with the GPU is what takes minutes.
  const isMain = pod.containers.length === 1 || JSON.stringify(container.fields['resources'] ?? {}).includes('nvidia.com/gpu')
  if (baked === undefined || image.malformed !== undefined || isLatest(image) || !isMain) return undefined
  const same = baked.images.filter(({ name }) => isSameName(name, image.name))
  if (same.some(({ digest }) => image.digest === undefined || image.digest === digest)) return undefined
  const has = baked.images.map(({ name, digest }) => `\`${name}@${digest}\``).join(', ')
  return {
    field: 'image',
    reason: `${snapshotId} does not hold this image, so that every node pulls it.`,
    remedy: `Use what it holds, ${has}, or build a snapshot with this image.`,
  }
}
