import { expect, test } from '@jest/globals'
import { openShapes, types, type Shapes } from './image-shapes.ts'
import { scripted, type Stored } from './scripted-registry.ts'

type Make = (shapes: Shapes) => Stored

function resolveShape(make: Make, architecture: 'x86_64' | 'arm64' = 'x86_64') {
  const shapes = openShapes()
  const root = make(shapes)
  const { asked, resolve } = scripted({ 'r.test': ({ url }) => shapes.serve(url, root) })
  return { root, asked, resolved: resolve('r.test', 'v1', undefined, architecture) }
}

const attestation = ({ artifact }: Shapes) => ({
  ...artifact(types.config, 'application/vnd.in-toto+json'),
  platform: { os: 'unknown', architecture: 'unknown' },
  annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
})
const both = ({ listed, linux }: Shapes) => [listed(linux('amd64')), listed(linux('arm64', 'v8'), [10, 20])]
const nest = (shapes: Shapes, depth: number): Stored => (depth === 0 ? shapes.index(both(shapes)) : shapes.index([nest(shapes, depth - 1)]))

test.each<[shape: string, make: Make]>([
  ['an index', (shapes) => shapes.index(both(shapes))],
  ['a list of Docker’s', (shapes) => shapes.index(both(shapes), types.dockerList)],
  ['attestations, also first', (shapes) => shapes.index([attestation(shapes), ...both(shapes), attestation(shapes)])],
  ['an attestation without a platform', (shapes) => shapes.index([{ ...attestation(shapes), platform: undefined }, ...both(shapes)])],
  [
    'a SOCI index for the same platform, listed first',
    (shapes) => {
      const soci = 'application/vnd.amazon.soci.index.v2+json'
      const entry = shapes.artifact(types.empty, 'application/octet-stream', { artifactType: soci })
      return shapes.index([{ ...entry, artifactType: soci, platform: shapes.linux('amd64') }, ...both(shapes)])
    },
  ],
  [
    'a SOCI index that the list does not call one',
    (shapes) => {
      const entry = shapes.artifact(types.empty, 'application/octet-stream', { artifactType: 'application/vnd.amazon.soci.index.v2+json' })
      return shapes.index([{ ...entry, platform: shapes.linux('amd64') }, ...both(shapes)])
    },
  ],
  ['an entry without a platform', ({ index, image, linux }) => index([image(linux('amd64'))])],
  ['entries without a platform', ({ index, image, linux }) => index([image(linux('arm64'), { sizes: [1] }), image(linux('amd64'))])],
  ['an empty platform', ({ index, image, linux }) => index([{ ...image(linux('amd64')), platform: {} }])],
  [
    'a stated platform before an unstated one',
    ({ index, image, listed, linux }) => index([image(linux('amd64'), { sizes: [1] }), listed(linux('amd64'))]),
  ],
  ['an index in an index', (shapes) => nest(shapes, 1)],
  ['four levels of indexes', (shapes) => nest(shapes, 3)],
  ['an index in an index, by platform', (shapes) => shapes.index([{ ...shapes.index(both(shapes)), platform: shapes.linux('amd64') }])],
  ['a manifest by itself', ({ image, linux }) => image(linux('amd64'))],
  ['a manifest of a newer variant, which containerd runs as it is', ({ image, linux }) => image(linux('amd64', 'v3'))],
  [
    'a manifest of Docker’s',
    ({ manifest, keep, layersOf, linux, rootfs }) =>
      manifest(
        keep(types.dockerConfig, { ...linux('amd64'), rootfs }),
        layersOf(types.dockerLayer, [1000, 2000]),
        {},
        types.dockerManifest,
      ),
  ],
  ['x86_64, as some tools call amd64', ({ index, listed, linux }) => index([listed(linux('x86_64'))])],
  ['amd64/v1', ({ index, listed, linux }) => index([listed(linux('amd64', 'v1'))])],
  ['the usual variant beside newer ones', ({ index, listed, linux }) => index([listed(linux('amd64', 'v3'), [1]), listed(linux('amd64'))])],
  [
    'Windows beside Linux',
    ({ index, listed, linux }) => index([listed({ os: 'windows', architecture: 'amd64' }, [1]), listed(linux('amd64'))]),
  ],
  ['zstd', ({ image, linux }) => image(linux('amd64'), { layer: 'application/vnd.oci.image.layer.v1.tar+zstd' })],
  ['layers without compression', ({ image, linux }) => image(linux('amd64'), { layer: 'application/vnd.oci.image.layer.v1.tar' })],
  [
    'layers that may not be passed on, which a node pulls all the same',
    ({ image, linux }) => image(linux('amd64'), { layer: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip' }),
  ],
  [
    'Docker’s foreign layers',
    ({ image, linux }) => image(linux('amd64'), { layer: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' }),
  ],
  [
    'a layer twice',
    ({ manifest, keep, layersOf, linux }) => {
      const layers = layersOf(types.layer, [1000, 2000])
      return manifest(keep(types.config, linux('amd64')), [...layers, ...layers])
    },
  ],
  [
    'a configuration without rootfs',
    ({ manifest, keep, layersOf, linux }) => manifest(keep(types.config, linux('amd64')), layersOf(types.layer, [3000])),
  ],
  [
    'a configuration of another type, with rootfs',
    ({ manifest, keep, layersOf, linux, rootfs }) =>
      manifest(keep('application/octet-stream', { ...linux('amd64'), rootfs }), layersOf(types.layer, [3000])),
  ],
])('%s is an image of 3000 bytes', async (_, make) => {
  const { root, resolved } = resolveShape(make)
  expect(await resolved).toEqual({ name: 'r.test/team/vllm', tag: 'v1', digest: root.digest, compressedBytes: 3000 })
})

test('an image for ARM among its variants', async () => {
  const { resolved } = resolveShape(
    ({ index, listed, linux }) =>
      index([listed(linux('arm', 'v7'), [1]), listed(linux('arm64', 'v9'), [2]), listed(linux('aarch64', 'v8'), [30])]),
    'arm64',
  )
  expect(await resolved).toMatchObject({ compressedBytes: 30 })
})

test('what the index states needs no configuration', async () => {
  const { asked, resolved } = resolveShape((shapes) => shapes.index(both(shapes)))
  await resolved
  expect(asked.map(({ url }) => url.pathname.split('/')[4])).toEqual(['manifests', 'manifests'])
})

test.each<[shape: string, make: Make, says: readonly string[]]>([
  [
    'another architecture',
    ({ index, listed, linux }) => index([listed(linux('arm64', 'v8')), listed(linux('arm', 'v7'))]),
    ['image-platform-missing', 'linux/arm64, linux/arm/v7'],
  ],
  [
    'another architecture, unstated',
    ({ index, image, linux }) => index([image(linux('arm64'))]),
    ['image-platform-missing', 'linux/arm64'],
  ],
  ['another architecture, without an index', ({ image, linux }) => image(linux('arm64')), ['image-platform-missing', 'linux/arm64']],
  [
    'a newer variant only',
    ({ index, listed, linux }) => index([listed(linux('amd64', 'v3'))]),
    ['image-platform-missing', 'linux/amd64/v3'],
  ],
  ['Windows', ({ image }) => image({ os: 'windows', architecture: 'amd64' }), ['image-platform-missing', 'windows/amd64']],
  [
    'another architecture, beside attestations',
    (shapes) => shapes.index([attestation(shapes), shapes.listed(shapes.linux('arm64'))]),
    ['image-platform-missing', 'linux/arm64.'],
  ],
  [
    'files in the place of layers',
    ({ artifact, linux }) => artifact(types.config, 'application/x-tar', {}, linux('amd64')),
    ['image-is-artifact', 'application/x-tar'],
  ],
  [
    'a ModelPack model',
    ({ artifact }) =>
      artifact(
        'application/vnd.cncf.model.config.v1+json',
        'application/vnd.cncf.model.weight.v1.raw',
        { artifactType: 'application/vnd.cncf.model.manifest.v1+json' },
        { modelfs: {} },
      ),
    ['image-is-artifact', 'application/vnd.cncf.model.manifest.v1+json: a model in the ModelPack format'],
  ],
  [
    'a ModelPack model in layers of images',
    ({ artifact }) => artifact('application/vnd.cncf.model.config.v1+json', types.layer, {}, { modelfs: {} }),
    ['image-is-artifact', 'application/vnd.cncf.model.config.v1+json'],
  ],
  [
    'a KitOps ModelKit',
    ({ artifact }) => artifact('application/vnd.kitops.modelkit.config.v1+json', 'application/vnd.kitops.modelkit.model.v1.tar'),
    ['image-is-artifact', 'a KitOps ModelKit'],
  ],
  [
    'a model of Docker Model Runner',
    ({ artifact }) => artifact('application/vnd.docker.ai.model.config.v0.1+json', 'application/vnd.docker.ai.gguf.v3'),
    ['image-is-artifact', 'Docker Model Runner'],
  ],
  [
    'an Ollama model, whose configuration is that of an image',
    ({ artifact, linux, rootfs }) => artifact(types.dockerConfig, 'application/vnd.ollama.image.model', {}, { ...linux('amd64'), rootfs }),
    ['image-is-artifact', 'an Ollama model'],
  ],
  [
    'a Helm chart',
    ({ artifact }) => artifact('application/vnd.cncf.helm.config.v1+json', 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'),
    ['image-is-artifact', 'a Helm chart'],
  ],
  [
    'a cosign signature',
    ({ artifact }) =>
      artifact(types.config, 'application/vnd.dev.cosign.simplesigning.v1+json', {}, { architecture: '', os: '', rootfs: {} }),
    ['image-is-artifact', 'a cosign signature'],
  ],
  ['an attestation', (shapes) => attestation(shapes), ['image-is-artifact', 'an attestation']],
  [
    'a SOCI index',
    ({ artifact }) => artifact('application/vnd.amazon.soci.index.v1+json', 'application/octet-stream'),
    ['image-is-artifact', 'a SOCI index'],
  ],
  ['an SBOM', ({ artifact }) => artifact(types.empty, 'application/spdx+json'), ['image-is-artifact', 'an SBOM']],
  [
    'an artifact of a type of its own',
    ({ artifact }) => artifact(types.empty, 'application/octet-stream', { artifactType: 'application/vnd.example.model' }),
    ['image-is-artifact', 'application/vnd.example.model'],
  ],
  ['an artifact with an empty configuration', ({ artifact }) => artifact(types.empty, 'text/plain'), ['image-is-artifact', 'text/plain)']],
  [
    'an artifact whose configuration is not JSON',
    ({ artifact }) => artifact('application/vnd.unknown.config.v1', types.layer, {}, 'plain text'),
    ['image-is-artifact', 'application/vnd.unknown.config.v1)'],
  ],
  [
    'an artifact without a configuration',
    ({ manifest, layersOf }) => manifest(undefined, layersOf('text/plain', [1])),
    ['image-is-artifact', 'text/plain)'],
  ],
  [
    'an index of artifacts',
    ({ index, artifact, linux }) => index([{ ...artifact(types.empty, 'text/plain'), platform: linux('amd64') }]),
    ['image-is-artifact'],
  ],
  [
    'the older manifest of artifacts',
    ({ keep }) => keep('application/vnd.oci.artifact.manifest.v1+json', { artifactType: 'application/vnd.example', blobs: [] }),
    ['image-format-unknown', 'its manifest lists no layers'],
  ],
  [
    'schema 1',
    ({ keep }) =>
      keep('application/vnd.docker.distribution.manifest.v1+prettyjws', { schemaVersion: 1, architecture: 'amd64', fsLayers: [] }),
    ['image-format-unknown', '(schema 1)', 'Push the image again'],
  ],
  ['an empty index', ({ index }) => index([]), ['image-format-unknown', 'its index lists no image']],
  ['an index of attestations', (shapes) => shapes.index([attestation(shapes)]), ['image-format-unknown', 'its index lists no image']],
  [
    'an image that does not say what it is for',
    ({ manifest, keep, layersOf }) => manifest(keep(types.config, {}), layersOf(types.layer, [1])),
    ['image-is-artifact'],
  ],
  ['an index without end', (shapes) => nest(shapes, 6), ['image-format-unknown']],
])('%s is refused as what it is', async (_, make, [errorCode, ...details]) => {
  const { resolved } = resolveShape(make)
  const error = (await resolved.catch((reason: unknown) => reason)) as Error
  expect(error).toMatchObject({ errorCode, problems: [{ input: 'images' }] })
  for (const words of ['r.test/team/vllm:v1', ...details]) expect(error.message).toContain(words)
  expect(error.message).not.toContain('undefined')
})

test('an unknown artifact has no container image', async () => {
  const { resolved } = resolveShape(({ artifact }) => artifact(types.empty, 'application/octet-stream'))
  await expect(resolved).rejects.toMatchObject({ errorCode: 'image-is-artifact' })
})

test('an index of thousands of images that say nothing is not read to its end', async () => {
  const { asked, resolved } = resolveShape(({ index, image, linux }) =>
    index(Array.from({ length: 500 }, (_, size) => image(linux('arm64'), { sizes: [size] }))),
  )
  await expect(resolved).rejects.toMatchObject({ errorCode: 'image-platform-missing' })
  expect(asked.length).toBeLessThan(100)
})

test.each(['null', '[]', '"text"', '1', '<html>Sign in</html>', ''])(
  '%j in place of a manifest: the error names the host',
  async (body) => {
    const { resolve } = scripted({ 'r.test': () => new Response(body) })
    await expect(resolve('r.test')).rejects.toMatchObject({
      errorCode: expect.stringMatching(/^(response-not-json|image-content-corrupt)$/),
      message: expect.stringContaining('r.test'),
    })
  },
)

test.each([
  ['manifests', {}],
  ['layers', { layers: [null, 3, {}], config: null }],
  ['manifests', { manifests: [null, 3, {}, { digest: 'latest' }, { digest: 'md5:00' }, { digest: '../../x' }] }],
])('a document with nonsense in its %s does not break the reading', async (_, content) => {
  const { asked, resolve } = scripted({ 'r.test': () => new Response(JSON.stringify(content)) })
  await expect(resolve('r.test')).rejects.toMatchObject({ problems: [{ input: 'images' }] })
  expect(asked).toHaveLength(1)
})
