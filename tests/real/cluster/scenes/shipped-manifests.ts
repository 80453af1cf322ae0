import { versions, vllmImage } from '@prebake/versions'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readManifests } from '../../../../packages/manifests/src/index.ts'
import { clusterName, nodeRole, snapshots } from '../aws/world.ts'

export interface Changes {
  /** The first one where it is not given. */
  readonly snapshotId?: string
  /** Changes a file's text before it is read: as a user edits the repository. */
  readonly edit?: (text: string, file: string) => string
}

const folder = join(import.meta.dirname, '../../../../deploy/vllm')
const files = ['nodeclass.yaml', 'nodepool.yaml', 'deployment.yaml', 'service.yaml']

/** With the release written out, so that an edit can name it. */
const read = (path: string) => readFileSync(join(folder, path), 'utf8').replace('${BOTTLEROCKET_VERSION}', versions.bottlerocket)

/** deploy/vllm, filled in for this cluster. */
export function shippedManifests({ snapshotId = snapshots.first, edit = (text) => text }: Changes = {}): ReturnType<typeof readManifests> {
  return readManifests(
    files.map((path) => ({ path, text: edit(read(path), path) })),
    {
      SNAPSHOT_ID: snapshotId,
      CLUSTER_NAME: clusterName,
      NODE_ROLE: nodeRole,
      VLLM_IMAGE: vllmImage,
      MODEL_PATH: '/mnt/models/hf-cache/hub/models--a--b/snapshots/c',
      VOLUME_SIZE: '150Gi',
    },
  )
}
