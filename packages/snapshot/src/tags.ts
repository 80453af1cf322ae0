import { modelPath, releaseNumber, tagKeys, writeRecord, type BakeRecord } from '@prebake/snapshot-record'
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
  return {
    ...nameTag(`prebake ${plan.recipe.model}`),
    ...tags,
    ...writeRecord({ ...plannedRecord(plan, kubernetesVersion), run: runToken, containerd: releaseNumber(containerd) }),
  }
}

/** What a plan says of its snapshot's record: all but the run, the builder's own containerd and the verdicts. */
export function plannedRecord({ recipe, fingerprint, machineImage }: BuildPlan, kubernetesVersion: string): BakeRecord {
  return {
    fingerprint,
    run: undefined,
    model: recipe.model,
    commit: recipe.commit,
    modelPath: modelPath(recipe.model, recipe.commit),
    images: recipe.images,
    architecture: recipe.architecture,
    bottlerocket: machineImage.bottlerocketVersion,
    kubernetes: kubernetesVersion,
    containerd: undefined,
    verified: undefined,
    rejected: undefined,
  }
}
