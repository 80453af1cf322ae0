import type { BuildPorts } from '../build-request.ts'
import type { ResolvedImage } from '../ports/image-registry.ts'
import type { FileSource, ModelListing } from '../ports/model-hub.ts'
import type { RememberedManifest } from './manifest.ts'

type Sources = Pick<BuildPorts, 'hub' | 'registry'>

/** Hub and registry as a manifest remembers them: they refuse whatever it does not have, and every download. */
export function rememberedSources({ listing, contents, images }: RememberedManifest): Sources {
  return {
    hub: {
      list: () => Promise.resolve(listing),
      read: (_listing, { path }) => remembered(path, contents[path] && Buffer.from(contents[path], 'base64')),
      locate: (_listing, { path }) => remembered<FileSource>(path, undefined),
    },
    registry: {
      resolve({ digest }) {
        const found = images.find((image) => image.digest === digest)
        return remembered('an image', found && { ...found, tag: found.tag })
      },
    },
  }
}

/** Passes everything on, and keeps the answers that a manifest is made of. */
export function recordSources({
  hub,
  registry,
}: Sources): Sources & { readonly recorded: (snapshotId: string) => RememberedManifest | undefined } {
  let listing: ModelListing | undefined
  const contents: Record<string, string> = {}
  const images: ResolvedImage[] = []
  return {
    hub: {
      ...hub,
      list: async (...given) => (listing = await hub.list(...given)),
      async read(...given) {
        const bytes = await hub.read(...given)
        contents[given[1].path] = Buffer.from(bytes).toString('base64')
        return bytes
      },
    },
    registry: {
      async resolve(...given) {
        const image = await registry.resolve(...given)
        images.push(image)
        return image
      },
    },
    recorded: (snapshotId) => listing && { listing: { ...listing, files: [...listing.files] }, contents, images, snapshotId },
  }
}

function remembered<T>(what: string, value: T | '' | undefined): Promise<T> {
  return value ? Promise.resolve(value) : Promise.reject(new RangeError(`it lacks ${what}`))
}
