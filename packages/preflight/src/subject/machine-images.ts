import { listAt, textAt } from '@prebake/manifests'
import type { Located } from './located.ts'

/** What a term of `amiSelectorTerms` says about the machine image that it selects. */
export interface MachineImage {
  /** `spec.amiSelectorTerms[0].alias`. */
  readonly field: string
  /** `bottlerocket`, `al2023`; undefined where neither term nor `amiFamily` tells. */
  readonly family: string | undefined
  /** Of Bottlerocket: `1.69.0`, or `latest` where a newer one is taken by itself; undefined where it is not known. */
  readonly release: string | undefined
  /** Of Bottlerocket, where the term names it: `aws-k8s-1.34-nvidia`. Karpenter chooses that of an alias. */
  readonly variant: string | undefined
}

/** `/aws/service/bottlerocket/<variant>/<architecture>/<latest, 1.69.0 or 1.69.0-3d90c7fa>/image_id` (Bottlerocket, "Finding an AMI"). */
const parameter = /^\/aws\/service\/bottlerocket\/([^/]+)\/[^/]+\/([^/-]+)/
/** `bottlerocket-aws-k8s-1.34-nvidia-x86_64-v1.69.0-3d90c7fa`. */
const imageName = /^bottlerocket-(aws-[\w.-]+?)-(?:x86_64|aarch64|arm64|[*?]).*?(?:-v(\d+\.\d+\.\d+)\b.*)?$/
const otherFamilies: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/amazon-linux-2023|al2023/i, 'al2023'],
  [/amazon-linux-2\b|amazon-eks-(?:gpu-)?node-\d/i, 'al2'],
  [/windows/i, 'windows'],
  [/ubuntu|canonical/i, 'ubuntu'],
]

/** One for each term; a node is made from the newest image that any of them selects. */
export function machineImagesOf({ object }: Pick<Located, 'object'>): readonly MachineImage[] {
  const given = textAt(object, 'spec.amiFamily')?.toLowerCase()
  const amiFamily = given === 'custom' ? undefined : given
  return listAt(object, 'spec.amiSelectorTerms').map((term, index): MachineImage => {
    const at = (name: string) => `spec.amiSelectorTerms[${index}].${name}`
    const [alias, ssmParameter, name] = ['alias', 'ssmParameter', 'name'].map((field) => textAt(term, field))
    if (alias !== undefined) {
      const [family = '', version] = alias.toLowerCase().split('@')
      return { field: at('alias'), family, release: version?.replace(/^v/, ''), variant: undefined }
    }
    if (ssmParameter !== undefined) {
      const [, variant, version] = parameter.exec(ssmParameter) ?? []
      return { field: at('ssmParameter'), ...familyOf(ssmParameter, variant, amiFamily), release: version, variant }
    }
    if (name !== undefined) {
      const [, variant, version] = imageName.exec(name) ?? []
      const release = version ?? (variant !== undefined && /[*?]/.test(name) ? 'latest' : undefined)
      return { field: at('name'), ...familyOf(name, variant, amiFamily), release, variant }
    }
    const field = textAt(term, 'id') === undefined ? at('tags') : at('id')
    return { field, family: amiFamily, release: undefined, variant: undefined }
  })
}

function familyOf(text: string, variant: string | undefined, amiFamily: string | undefined): Pick<MachineImage, 'family'> {
  const named = variant === undefined ? otherFamilies.find(([pattern]) => pattern.test(text))?.[1] : 'bottlerocket'
  return { family: named ?? amiFamily }
}

/**
 * The public parameters, one for each architecture, in which Karpenter looks for the GPU image of an alias with a release of Bottlerocket
 * (karpenter-provider-aws, pkg/providers/amifamily/bottlerocket.go); none for other terms.
 * @param kubernetes minor version of the cluster: `1.36`.
 */
export function pinnedParameters(nodeClass: Located, kubernetes: string | undefined, architectures: readonly string[]): readonly string[] {
  const [image] = machineImagesOf(nodeClass)
  const isPinned = image?.family === 'bottlerocket' && image.field.endsWith('.alias') && image.release !== 'latest'
  if (!isPinned || image.release === undefined || kubernetes === undefined) return []
  return architectures.map((architecture) => {
    const name = architecture === 'arm64' ? 'arm64' : 'x86_64'
    return `/aws/service/bottlerocket/aws-k8s-${kubernetes}-nvidia/${name}/${image.release}/image_id`
  })
}
