import type { Problem } from '@prebake/kernel'
import { listAt, readField, textAt, textsAt, titleOf, type FieldChange, type FieldPath, type Manifest } from '@prebake/manifests'
import { hfHome } from '@prebake/snapshot-record'
import { hostPathsOf, modelFolder } from '../subject/host-paths.ts'
import type { Container, PodTemplate } from '../subject/pod-templates.ts'
import { serveArguments } from '../subject/serve-arguments.ts'
import { imageInPlaceOf, type Adopted, type LeastChange } from './adopted.ts'
import type { AdoptErrorCode } from './error-codes.ts'

/** What a server needs so that it finds model and image on the node: the mounted folder, the hub's client offline on it, and the baked image. */
export function changeServer(manifest: Manifest, pod: PodTemplate, server: Container, adopted: Adopted): LeastChange {
  const { record } = adopted
  const at = stepsOf(server.path)
  const changes: FieldChange[] = []
  const byHand: Problem[] = []
  const change = (path: FieldPath, value: unknown) => void changes.push({ manifest, path, value })
  const problem = (code: AdoptErrorCode, wrong: string, remedy: string) =>
    void byHand.push({ code, input: server.source, wrong: `${titleOf(server.object)}, container ${server.name}: ${wrong}`, remedy })

  const image = imageInPlaceOf(textAt(server.fields, 'image'), record)
  if (image !== undefined) change([...at, 'image'], image)
  const { modelPath, model: baked } = record
  if (baked === undefined || modelPath === undefined) return { changes, byHand }

  const served = serveArguments(server.fields)?.model
  if (typeof served !== 'string' || served.includes('://')) {
    problem(
      'other-model-served',
      `what it serves is not known here (${String(served)}).`,
      `Let it serve \`${modelPath}\`, or \`${baked}\`.`,
    )
  } else if (served.startsWith('/')) {
    if (!`${served}/`.startsWith(`${modelPath}/`)) serveFrom(modelPath, served)
    setVariable('HF_HUB_OFFLINE', '1')
  } else if (served === baked) {
    setVariable('HF_HUB_OFFLINE', '1')
    setVariable('HF_HOME', hfHome)
    if (variableAt('HF_HUB_CACHE') >= 0) setVariable('HF_HUB_CACHE', `${hfHome}/hub`)
  } else {
    problem(
      'other-model-served',
      `it serves \`${served}\`, and the snapshot has \`${baked}\`.`,
      'Build a snapshot with this model, or serve that one.',
    )
  }
  mountModels()
  return { changes, byHand }

  function serveFrom(path: string, old: string): void {
    for (const field of ['command', 'args'])
      for (const [index, word] of textsAt(server.fields, field).entries())
        if (word.includes(old))
          change(
            [...at, field, index],
            word.replace(old, () => path),
          )
    // Clients ask for the model by the name that it is served under, which is the path where no other is given.
    const isNamed = [...textsAt(server.fields, 'command'), ...textsAt(server.fields, 'args')].some((word) =>
      word.includes('served-model-name'),
    )
    const args = textsAt(server.fields, 'args')
    if (!isNamed && args.length > 1) change([...at, 'args', args.length], `--served-model-name=${old}`)
  }

  function variableAt(name: string): number {
    return listAt(server.fields, 'env').findLastIndex((entry) => textAt(entry, 'name') === name)
  }
  function setVariable(name: string, value: string): void {
    const entries = listAt(server.fields, 'env')
    const index = variableAt(name)
    if (textAt(entries[index], 'value') === value) return
    if (index < 0) return change([...at, 'env', nextIn('env')], { name, value })
    if (readField(entries[index], 'valueFrom') !== undefined) change([...at, 'env', index, 'valueFrom'], undefined)
    change([...at, 'env', index, 'value'], value)
  }
  /** The place after what is there, and after what was added before. */
  function nextIn(field: string): number {
    const added = changes.filter(({ path }) => path.length === at.length + 2 && path[at.length] === field)
    return listAt(server.fields, field).length + added.length
  }

  function mountModels(): void {
    const volumes = listAt(pod.spec, 'volumes')
    const own = hostPathsOf(pod).find(({ hostPath }) => hostPath === modelFolder)
    const mounts = listAt(server.fields, 'volumeMounts')
    const there = mounts.find((mount) => textAt(mount, 'mountPath') === modelFolder)
    if (there !== undefined && textAt(there, 'name') === own?.name) return
    if (there !== undefined) {
      const wrong = `${modelFolder} is where volume \`${textAt(there, 'name')}\` is mounted.`
      return problem('model-place-taken', wrong, 'Mount that elsewhere: the cache on the snapshot holds this path.')
    }
    const names = volumes.map((volume) => textAt(volume, 'name'))
    const name = own?.name ?? (names.includes('models') ? 'prebake-models' : 'models')
    if (own === undefined)
      change([...stepsOf(pod.path), 'volumes', volumes.length], { name, hostPath: { path: modelFolder, type: 'Directory' } })
    change([...at, 'volumeMounts', mounts.length], { name, mountPath: modelFolder, readOnly: true })
  }
}

/** `spec.template.spec.containers[0]` as steps. */
function stepsOf(path: string): FieldPath {
  return path
    .split('.')
    .flatMap((step) => step.split(/[[\]]/).filter(Boolean))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
