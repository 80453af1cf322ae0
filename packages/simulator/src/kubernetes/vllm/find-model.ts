import { models } from '../../hub/models.ts'
import type { Machine } from '../cluster.ts'
import { fill, logForms } from '../form.ts'
import type { Container, Pod } from '../objects.ts'
import type { ServeArguments } from './serve-arguments.ts'

/** Where a server gets its model from: it is there, it is downloaded, or the start ends with `refusal`. */
export interface FoundModel {
  readonly downloads: boolean
  readonly refusal: string | undefined
}

/** Looks for the model as vLLM and the hub's client do. @param volume the data volume of the node */
export function findModel(
  { model, revision }: ServeArguments,
  pod: Pod,
  container: Container,
  volume: Machine['volume'] | undefined,
): FoundModel {
  const fromSnapshot = volume?.fromSnapshot === true
  const refuse = (refusal: string): FoundModel => ({ downloads: false, refusal })
  if (model.startsWith('/')) {
    const isBaked = fromSnapshot && volume.flaw !== 'no model' && isMounted(model, container)
    return isBaked || isOnClaim(model, pod, container)
      ? { downloads: false, refusal: undefined }
      : refuse(fill(logForms.modelNotFound, { model }))
  }
  const known = models.find(({ id }) => id === model)
  if (isOffline(container)) return fromSnapshot ? { downloads: false, refusal: undefined } : refuse(logForms.modelNotCached)
  if (known !== undefined && revision !== undefined && ![known.commit, 'main'].includes(revision))
    return refuse(fill(logForms.revisionNotFound, { model, revision }))
  const folder = cacheFolder(container)
  const isReadOnly = container.volumeMounts?.some(({ mountPath, readOnly }) => readOnly === true && folder.startsWith(`${mountPath}/`))
  // Of what a snapshot has, nothing may be left to download.
  return isReadOnly === true && !fromSnapshot ? refuse(fill(logForms.cacheReadOnly, { folder })) : { downloads: true, refusal: undefined }
}

const valueOf = ({ env = [] }: Container, name: string): string => env.find((variable) => variable.name === name)?.value ?? ''

/** Either variable, as `huggingface_hub/constants.py` reads them. */
const isOffline = (container: Container): boolean =>
  ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'].some((name) => ['1', 'ON', 'YES', 'TRUE'].includes(valueOf(container, name).toUpperCase()))

const cacheFolder = (container: Container): string => `${valueOf(container, 'HF_HOME') || '/root/.cache/huggingface'}/hub`

/** A path outside of every mount is in the image, which has no model; a bake puts models into the hub's cache layout. */
const isMounted = (path: string, { volumeMounts = [] }: Container): boolean =>
  /\/models--[^/]+\/snapshots\/[^/]+\/?$/.test(path) && volumeMounts.some(({ mountPath }) => path.startsWith(`${mountPath}/`))

/** A claim is taken to hold the model that is served from it. */
const isOnClaim = (model: string, { spec: { volumes = [] } }: Pod, { volumeMounts = [] }: Container): boolean =>
  volumeMounts.some(
    ({ name, mountPath }) =>
      model.startsWith(`${mountPath}/`) && volumes.some((volume) => volume.name === name && volume.persistentVolumeClaim !== undefined),
  )
