import { PrebakeError, ServiceError } from '@prebake/kernel'
import { fieldsOf, readField } from '@prebake/manifests'
import type { Scalers } from '@prebake/startup'
import type { ApiClient } from './api-client.ts'
import type { Discovery } from './discovery.ts'
import { listObjects } from './list-objects.ts'

const kinds = [
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
] as const

/** The objects that set the replicas of a Deployment. KEDA's kind is there only where KEDA is; its target is a Deployment where it names no kind. */
export async function findScalers(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  client: ApiClient,
  discovery: Discovery,
  signal: AbortSignal,
): Promise<Scalers> {
  const names: string[] = []
  const unread: string[] = []
  for (const { apiVersion, kind } of kinds) {
    try {
      const found = await discovery.find(apiVersion, kind, signal)
      if (found === undefined) continue
      const { objects } = await listObjects(client, { kind: found, namespace }, signal)
      for (const object of objects) {
        const target = fieldsOf(readField(object, 'spec.scaleTargetRef'))
        if (target['name'] === name && (target['kind'] ?? 'Deployment') === 'Deployment') names.push(`${kind} ${object.metadata.name}`)
      }
    } catch (error) {
      if (signal.aborted || !(error instanceof PrebakeError)) throw error
      if (error instanceof ServiceError && error.status === 404) continue
      unread.push(error.message)
    }
  }
  return { names, unread }
}
