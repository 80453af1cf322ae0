import type { Problem } from '@prebake/kernel'
import type { BakeRecord } from '@prebake/snapshot-record'
import type { ControlErrorCode } from './error-codes.ts'

/** The snapshot whose gain is measured. */
export interface BakedSnapshot {
  readonly snapshotId: string
  readonly record: BakeRecord
  /** Of the volume that it was taken from. */
  readonly volumeSizeGiB: number
}

/** The model on a snapshot, and where a pod without the snapshot finds it. */
export interface BakedModel {
  /** On the hub, `owner/name`. */
  readonly name: string
  /** Of its repository. */
  readonly commit: string
  /** On the node. */
  readonly path: string
}

/** What to do where a control cannot be derived. */
export const byHand =
  'Write the control as a folder of its own, as the README of scale-benchmark shows, and name it in `baseline-manifests`.'

/** The model of the hub that the snapshot has, or why it is not known. */
export function bakedModel({ snapshotId, record: { model, commit, modelPath } }: BakedSnapshot): BakedModel | Problem {
  if (model !== undefined && commit !== undefined && modelPath !== undefined && isOnHub(model))
    return { name: model, commit, path: modelPath }
  const has = model === undefined ? 'has no model' : isOnHub(model) ? `does not say its commit of ${model}` : `has \`${model}\``
  const wrong = `${snapshotId} ${has}, so that no pod without it can download the same from the hub.`
  return { code: 'control-without-model' satisfies ControlErrorCode, input: 'snapshot-id', wrong, remedy: byHand }
}

const isOnHub = (model: string): boolean => /^[\w.-]+\/[\w.-]+$/.test(model)
