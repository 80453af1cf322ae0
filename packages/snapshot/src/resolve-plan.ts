import { InputError, type Problem } from '@prebake/kernel'
import { snapshotter } from '@prebake/snapshot-record'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { needsPublicAddress } from './judge-subnet.ts'
import { bytesOf, gigabytes } from './model-files/describe-files.ts'
import { readContents } from './model-files/read-contents.ts'
import { selectFiles } from './model-files/select-files.ts'
import type { Selection } from './model-files/selection.ts'
import type { BuilderImage, SubnetFacts } from './ports/builders.ts'
import type { ModelListing } from './ports/model-hub.ts'
import { fingerprint, type Recipe } from './recipe.ts'
import { bytesOnVolume, requireVolumeSize } from './volume-size.ts'

/** Everything that a build determines before it creates anything. */
export interface BuildPlan {
  readonly listing: ModelListing
  /** How the files of the model were chosen. */
  readonly selection: Selection
  readonly recipe: Recipe
  readonly fingerprint: string
  readonly machineImage: BuilderImage
  readonly subnet: SubnetFacts
  readonly publicAddress: boolean
}

/** @throws InputError with all problems: unknown model, revision, image or version, a subnet without a route out, too small a volume */
export async function resolvePlan(request: BuildRequest, ports: BuildPorts, signal: AbortSignal): Promise<BuildPlan> {
  const { hub, registry, builders, reporter } = ports
  const [selected, images, machineImage, reachable] = await allOrEveryProblem([
    selectModel(request, hub, signal),
    Promise.all(request.images.map((image) => registry.resolve(image, request.architecture, signal))),
    builders.findImage(request, signal),
    builders
      .describeSubnet(request.subnetId, signal)
      .then((subnet) => ({ subnet, publicAddress: needsPublicAddress(subnet, request.hubHost) })),
  ])
  const recipe: Recipe = {
    model: selected.listing.model,
    commit: selected.listing.commit,
    files: selected.selection.files,
    images,
    architecture: request.architecture,
    snapshotter,
  }
  requireVolumeSize(recipe, request.volumeSizeGiB)

  reporter.info(`Model ${recipe.model} at ${recipe.commit}: ${recipe.files.length} files, ${gigabytes(bytesOf(recipe.files))}`)
  for (const { level, text } of selected.selection.notes) reporter[level](text)
  for (const image of images)
    reporter.info(`Image ${image.name}${image.tag ? `:${image.tag}` : ''}: ${image.digest}, ${gigabytes(image.compressedBytes)} compressed`)
  reporter.info(`Bottlerocket ${machineImage.bottlerocketVersion} for Kubernetes ${request.kubernetesVersion}: ${machineImage.amiId}`)
  reporter.info(`Volume: about ${gigabytes(bytesOnVolume(recipe))} of ${request.volumeSizeGiB} GiB`)
  return { ...selected, recipe, fingerprint: fingerprint(recipe), machineImage, ...reachable }
}

/** Lists the model, and reads the files that determine what is baked. */
async function selectModel(
  { model, revision, format = 'auto', files = [] }: BuildRequest,
  hub: BuildPorts['hub'],
  signal: AbortSignal,
): Promise<Pick<BuildPlan, 'listing' | 'selection'>> {
  const listing = await hub.list(model, revision, signal)
  const contents = await readContents(hub, listing, signal)
  return { listing, selection: selectFiles(listing, contents, { format, patterns: files }) }
}

/** Like Promise.all, but waits for all and throws all input problems as one error. */
export async function allOrEveryProblem<T extends readonly unknown[]>(
  promises: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const settled = await Promise.allSettled<unknown>(promises as readonly Promise<unknown>[])
  const failures = settled.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []))
  const other = failures.find((failure) => !(failure instanceof InputError))
  if (other !== undefined) throw other
  const problems = failures.flatMap((failure): readonly Problem[] => (failure instanceof InputError ? failure.problems : []))
  if (problems.length > 0) throw new InputError(problems)
  return settled.map((result) => (result.status === 'fulfilled' ? result.value : undefined)) as unknown as T
}
