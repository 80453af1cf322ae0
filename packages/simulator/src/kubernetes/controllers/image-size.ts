import { images } from '../../registry/images.ts'

/** Bytes of an image's compressed layers, as the kubelet reports a pulled image's size. An image that the registry does not have is taken for a small one. */
export function imageSize(reference: string): number {
  const known = images.find(({ repository }) => reference.includes(repository))
  const manifest = known?.manifests.find(({ mediaType }) => mediaType.includes('manifest'))
  if (!manifest) return 60_000_000
  const { layers } = JSON.parse(manifest.body) as { layers: { size: number }[] }
  return layers.reduce((sum, { size }) => sum + size, 0)
}

/** The unpacked image in proportion to the compressed one. Believed: 9.3 GB of vLLM become some 20 GB. */
export const unpackedRatio = 2.2
