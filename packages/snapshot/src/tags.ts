import { modelPath, releaseNumber, tagKeys, writeRecord } from '@prebake/snapshot-record'
import type { BuildRequest } from './build-request.ts'
import type { BuildPlan } from './resolve-plan.ts'

type Tags = Readonly<Record<string, string>>

/** Cut to EC2's limit of a tag. */
const nameTag = (name: string) => ({ Name: name.slice(0, 256) })

/** Tags of a builder, its volumes and its network interface. The user's tags may set another name. @param ends when it has certainly outlived its run */
export function builderTags(purpose: 'bake' | 'verify', ends: Date, request: BuildRequest, plan: BuildPlan): Tags {
  return {
    ...nameTag(`prebake ${purpose} ${request.model}`),
    ...request.tags,
    [tagKeys.run]: request.runToken,
    [tagKeys.purpose]: purpose,
    [tagKeys.fingerprint]: plan.fingerprint,
    [tagKeys.bottlerocket]: plan.machineImage.bottlerocketVersion,
    [tagKeys.kubernetes]: request.kubernetesVersion,
    [tagKeys.ends]: ends.toISOString(),
  }
}

/** Tags of the snapshot. The user's tags may set another name. @param containerd the version that the builder reports */
export function snapshotTags({ tags, runToken, kubernetesVersion }: BuildRequest, plan: BuildPlan, containerd: string): Tags {
  const { recipe, fingerprint, machineImage } = plan
  return {
    ...nameTag(`prebake ${recipe.model}`),
    ...tags,
    ...writeRecord({
      fingerprint,
      run: runToken,
      model: recipe.model,
      commit: recipe.commit,
      modelPath: modelPath(recipe.model, recipe.commit),
      images: recipe.images,
      architecture: recipe.architecture,
      bottlerocket: machineImage.bottlerocketVersion,
      kubernetes: kubernetesVersion,
      containerd: releaseNumber(containerd),
      verified: undefined,
      rejected: undefined,
    }),
  }
}
