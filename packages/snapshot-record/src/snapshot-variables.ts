import { kubernetesArchitecture, type BakedImage, type BakeRecord } from './bake-record.ts'
import { imageReference } from './image-tags.ts'

/** What manifests can leave to the snapshot, by the names of variables. */
export const snapshotVariables = {
  MODEL: 'the model, `owner/name`',
  MODEL_REVISION: 'the commit of its repository',
  MODEL_PATH: 'where a pod finds the model',
  VLLM_IMAGE: 'the image of the server by digest, under the name that was baked',
  ARCHITECTURE: '`amd64` or `arm64`',
  BOTTLEROCKET_VERSION: 'the release of Bottlerocket that wrote it',
  VOLUME_SIZE: 'the size of the volume, such as `150Gi`',
} as const

export type SnapshotVariable = keyof typeof snapshotVariables

export const isSnapshotVariable = (name: string): name is SnapshotVariable => Object.hasOwn(snapshotVariables, name)

/**
 * The variables' values for one snapshot. One is left out where the snapshot does not say: a model where none was baked, an image where there is none or
 * more than one that may be the server's.
 * @param volumeSizeGiB of the volume that the snapshot was taken from.
 */
export function valuesOf(record: BakeRecord, volumeSizeGiB: number): Readonly<Partial<Record<SnapshotVariable, string>>> {
  const image = serverImage(record.images)
  const values: Readonly<Record<SnapshotVariable, string | undefined>> = {
    MODEL: record.model,
    MODEL_REVISION: record.commit,
    MODEL_PATH: record.modelPath,
    VLLM_IMAGE: image && imageReference(image),
    ARCHITECTURE: record.architecture && kubernetesArchitecture(record.architecture),
    BOTTLEROCKET_VERSION: record.bottlerocket,
    VOLUME_SIZE: `${volumeSizeGiB}Gi`,
  }
  return Object.fromEntries(Object.entries(values).filter((entry) => entry[1] !== undefined))
}

/** The only image, or the only one with vLLM in its name. */
export function serverImage(images: readonly BakedImage[]): BakedImage | undefined {
  if (images.length <= 1) return images[0]
  const [first, ...others] = images.filter(({ name }) => name.includes('vllm'))
  return others.length === 0 ? first : undefined
}
