import type { Simulator } from '@prebake/simulator'
import { parseAllDocuments } from 'yaml'

interface Document {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly items?: readonly Document[]
}

const clusterWide = ['NodePool', 'EC2NodeClass']

/** Applies documents as another client of the cluster does: kubectl, Helm, Argo CD. */
export async function applyAs(manager: string, text: string, simulator: Simulator): Promise<void> {
  const [, token = ''] = /token: (\S+)/.exec(simulator.kubeconfig) ?? []
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' }
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Document)
  for (const object of documents.flatMap((document) => document.items ?? document)) {
    const { apiVersion, kind, metadata } = object
    const scope = clusterWide.includes(kind) ? '' : '/namespaces/default'
    const plural = `${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`
    const path = `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}${scope}/${plural}/${metadata.name}`
    const body = JSON.stringify(object)
    const query = `fieldManager=${manager}&force=true`
    const answer = await fetch(`${simulator.endpoints.kubernetes}${path}?${query}`, { method: 'PATCH', headers, body })
    if (!answer.ok) throw new Error(`Apply ${kind} ${metadata.name} as ${manager}: ${answer.status} ${await answer.text()}`)
  }
}
