import type { KubeObject } from '../objects.ts'
import { toSeconds } from '../stamps.ts'
import { changedFields, written, type ManagedFields } from './managed-fields.ts'

/** Writes down in `draft` who has changed it from what it was, but for its status. */
export function recordUpdate(
  draft: KubeObject,
  before: KubeObject,
  { manager, subresource, now }: { readonly manager: string; readonly subresource?: string; readonly now: number },
): void {
  const { labels, annotations } = draft.metadata
  const { status: _status, metadata: _metadata, apiVersion, kind: _kind, ...content } = draft as KubeObject & { readonly status?: unknown }
  const metadata = { ...(labels && { labels }), ...(annotations && { annotations }) }
  const fieldsV1 = changedFields(before, { ...content, ...(Object.keys(metadata).length > 0 && { metadata }) })
  if (Object.keys(fieldsV1).length === 0) return
  const entry: ManagedFields = {
    manager,
    operation: 'Update',
    apiVersion,
    time: toSeconds(now),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource !== undefined && { subresource }),
  }
  draft.metadata.managedFields = written((draft.metadata.managedFields ?? []) as ManagedFields[], entry)
}
