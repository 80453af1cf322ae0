import { flaw, type Flaw } from '../../finding.ts'
import { imagesOnSnapshots, type ImageOnSnapshot } from '../../subject/on-snapshots.ts'
import type { PodImage } from '../../subject/pod-image.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'

const isLatest = ({ tag, digest, malformed }: PodImage) =>
  malformed === undefined && digest === undefined && (tag === undefined || tag === 'latest')

/** Of the containers that are meant to use the snapshot. */
const bakedWorkloads = (subject: PreflightSubject) => imagesOnSnapshots(subject).filter(({ usesSnapshot }) => usesSnapshot)

const isOnSnapshot = ({ image, namesakes }: ImageOnSnapshot) =>
  namesakes.some(({ digest }) => image.digest === undefined || image.digest === digest)

/**
 * Those whose image is not on the snapshot; one by `:latest` has a rule of its own.
 * @param isUsed whether some other container uses an image of the same snapshot.
 */
function notBaked(subject: PreflightSubject, isUsed: boolean): readonly ImageOnSnapshot[] {
  const workloads = bakedWorkloads(subject)
  const used = new Set(workloads.filter(isOnSnapshot).map(({ snapshotId }) => snapshotId))
  return workloads.filter((container) => {
    const { image, baked, snapshotId } = container
    const isWrong = baked !== undefined && image.malformed === undefined && !isLatest(image) && !isOnSnapshot(container)
    return isWrong && used.has(snapshotId) === isUsed
  })
}

/** Containers that pull an image although the snapshot has one. */
export const pulledImage: readonly Rule[] = [
  rule({
    id: 'image-not-baked',
    severity: 'error',
    about: 'No container uses an image of the snapshot: each has another name, or another digest.',
    needs: ['snapshot'],
    each: (subject) => notBaked(subject, false),
    judge: pulledByEveryNode,
  }),
  rule({
    id: 'other-image-not-baked',
    severity: 'warning',
    about: 'A container with vLLM has an image that is not on the snapshot, beside another one whose image is.',
    needs: ['snapshot'],
    each: (subject) => notBaked(subject, true),
    judge: pulledByEveryNode,
  }),
  rule({
    id: 'image-latest',
    severity: 'error',
    about:
      'The image of the baked workload by `:latest` or without a tag: it may not be the baked one, and by default it is pulled at every start.',
    each: bakedWorkloads,
    judge: (container) => {
      if (!isLatest(container.image)) return undefined
      const problem = `\`${container.text}\` means the newest image, which is pulled at every start unless \`imagePullPolicy\` says otherwise.`
      return flaw(container, container.field, problem, 'Name the image by its digest, as build-snapshot does.')
    },
  }),
  rule({
    id: 'image-pull-always',
    severity: 'warning',
    about: '`imagePullPolicy: Always` asks the registry at every start of the baked workload, and pulls where a tag has moved.',
    each: bakedWorkloads,
    judge: (container) => {
      if (container.pullPolicy !== 'Always') return undefined
      const problem = 'the kubelet asks the registry at every start, and pulls where the tag has moved.'
      return flaw(
        container,
        container.field === 'image' ? 'imagePullPolicy' : 'pullPolicy',
        problem,
        'Set `imagePullPolicy: IfNotPresent`.',
      )
    },
  }),
  rule({
    id: 'image-by-tag',
    severity: 'warning',
    about: 'The image is named by a tag, which may have moved since the image was baked.',
    needs: ['snapshot'],
    each: bakedWorkloads,
    judge: (container) => {
      const { image, namesakes, snapshotId } = container
      const [first] = namesakes
      if (image.digest !== undefined || isLatest(image) || first === undefined) return undefined
      const problem = `the tag ${image.tag} may refer to another image than the one on ${snapshotId}, which is then pulled.`
      return flaw(container, container.field, problem, `Write \`${first.name}@${first.digest}\`.`)
    },
  }),
]

function pulledByEveryNode(container: ImageOnSnapshot): Flaw {
  const { baked, snapshotId } = container
  const has = (baked?.images ?? []).map(({ name, digest }) => `\`${name}@${digest}\``).join(', ')
  const problem = `${snapshotId} does not have this image, so every node pulls it.`
  return flaw(container, container.field, problem, `Use what it has, ${has}, or build a snapshot with this image.`)
}
