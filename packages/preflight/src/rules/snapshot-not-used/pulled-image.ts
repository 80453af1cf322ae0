import { textAt } from '@prebake/manifests'
import { flaw } from '../../finding.ts'
import { imagesOnSnapshots, type ImageOnSnapshot } from '../../subject/on-snapshots.ts'
import type { PodImage } from '../../subject/pod-image.ts'
import { rule, type Rule } from '../rule.ts'

const isLatest = ({ tag, digest, malformed }: PodImage) =>
  malformed === undefined && digest === undefined && (tag === undefined || tag === 'latest')

/** A tag of EC2 has room for 256 characters, of which the digest takes 71: a longer name is cut in it. */
const isSameName = (baked: string, asked: string) => baked === asked || (baked.length >= 184 && asked.startsWith(baked))

/** A sidecar's image is small and need not be baked; the image of the container with the GPU takes minutes. */
const isMain = ({ pod, fields }: ImageOnSnapshot) =>
  pod.containers.length === 1 || JSON.stringify(fields['resources'] ?? {}).includes('nvidia.com/gpu')

/** Containers that pull an image although the snapshot has one. */
export const pulledImage: readonly Rule[] = [
  rule({
    id: 'image-not-baked',
    severity: 'error',
    about: 'The image is not on the snapshot: another name, or another digest.',
    needs: ['snapshot'],
    each: imagesOnSnapshots,
    judge: (container) => {
      const { image, baked, snapshotId } = container
      if (baked === undefined || image.malformed !== undefined || isLatest(image) || !isMain(container)) return undefined
      const same = baked.images.filter(({ name }) => isSameName(name, image.name))
      if (same.some(({ digest }) => image.digest === undefined || image.digest === digest)) return undefined
      const has = baked.images.map(({ name, digest }) => `\`${name}@${digest}\``).join(', ')
      const problem = `${snapshotId} does not hold this image, so every node pulls it.`
      return flaw(container, 'image', problem, `Use what it holds, ${has}, or build a snapshot with this image.`)
    },
  }),
  rule({
    id: 'image-latest',
    severity: 'error',
    about: 'An image by `:latest` or without a tag: it may not be the baked one, and by default it is pulled at every start.',
    each: imagesOnSnapshots,
    judge: (container) => {
      if (!isLatest(container.image)) return undefined
      const problem = `\`${container.text}\` means the newest image, which is pulled at every start unless \`imagePullPolicy\` says otherwise.`
      return flaw(container, 'image', problem, 'Name the image by its digest, as build-snapshot does.')
    },
  }),
  rule({
    id: 'image-pull-always',
    severity: 'error',
    about: '`imagePullPolicy: Always` asks the registry at every start, even for a baked image.',
    each: imagesOnSnapshots,
    judge: (container) => {
      if (textAt(container.fields, 'imagePullPolicy') !== 'Always') return undefined
      const problem = 'the kubelet asks the registry at every start, and pulls where the tag has moved.'
      return flaw(container, 'imagePullPolicy', problem, 'Set `imagePullPolicy: IfNotPresent`.')
    },
  }),
  rule({
    id: 'image-by-tag',
    severity: 'warning',
    about: 'The image is named by a tag, which may have moved since the image was baked.',
    needs: ['snapshot'],
    each: imagesOnSnapshots,
    judge: (container) => {
      const { image, baked, snapshotId } = container
      const [first] = baked?.images.filter(({ name }) => isSameName(name, image.name)) ?? []
      if (image.digest !== undefined || isLatest(image) || first === undefined) return undefined
      const problem = `the tag ${image.tag} may refer to another image than the one on ${snapshotId}, which is then pulled.`
      return flaw(container, 'image', problem, `Write \`${first.name}@${first.digest}\`.`)
    },
  }),
]
