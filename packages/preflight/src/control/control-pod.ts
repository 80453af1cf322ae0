import type { Problem } from '@prebake/kernel'
import { fieldsOf, listAt, textAt, titleOf, type Fields } from '@prebake/manifests'
import { hostPathsOf, isBelow, modelFolder } from '../subject/host-paths.ts'
import type { PodTemplate } from '../subject/pod-templates.ts'
import { serveArguments } from '../subject/serve-arguments.ts'
import { byHand, type BakedModel } from './baked-model.ts'
import { downloadingServer } from './downloading-server.ts'
import type { ControlErrorCode } from './error-codes.ts'

/** The pod's spec, where its servers download the model and write it into an `emptyDir` in the place of the node's folder; or what keeps it from that. */
export function controlPod(pod: PodTemplate, model: BakedModel): { readonly spec: Fields } | { readonly problems: readonly Problem[] } {
  const emptied = new Set(hostPathsOf(pod).flatMap(({ hostPath, name }) => (isBelow(hostPath, modelFolder) ? [name] : [])))
  const problem = (code: ControlErrorCode, wrong: string): Problem => ({
    code,
    input: pod.source,
    wrong: `${titleOf(pod.object)}: ${wrong}`,
    remedy: byHand,
  })
  const servers = pod.containers.flatMap((container) => {
    const serve = container.role === 'init' ? undefined : serveArguments(container.fields)
    return serve === undefined ? [] : [downloadingServer({ ...container, pod, serve }, model)]
  })
  const problems = servers.flatMap((server) => ('wrong' in server ? [problem(server.code, server.wrong)] : []))
  if (servers.length === 0) problems.push(problem('control-model-not-served', 'no container of it starts vLLM.'))
  if (problems.length === 0 && emptied.size === 0)
    problems.push(problem('control-model-not-served', `it has no hostPath volume at or below ${modelFolder}.`))
  if (problems.length > 0) return { problems }

  const downloading = new Map(servers.flatMap((server) => ('fields' in server ? [[server.from, server.fields] as const] : [])))
  const containers = (list: string): Fields =>
    pod.spec[list] === undefined
      ? {}
      : { [list]: listAt(pod.spec, list).map((each) => onEmptied(downloading.get(fieldsOf(each)) ?? fieldsOf(each), emptied)) }
  const spec = { ...pod.spec, ...containers('initContainers'), ...containers('containers'), volumes: volumesOf(pod.spec, emptied) }
  const left = [model.path, ...servers.flatMap((server) => ('served' in server ? [server.served] : []))].find((path) =>
    JSON.stringify(spec).includes(path),
  )
  if (left === undefined || left === model.name) return { spec }
  return { problems: [problem('control-path-left', `${left} also stands where the hub's name cannot take its place.`)] }
}

function volumesOf(spec: Fields, emptied: ReadonlySet<string>): readonly unknown[] {
  return listAt(spec, 'volumes').map((volume) =>
    emptied.has(textAt(volume, 'name') ?? '') ? { name: textAt(volume, 'name'), emptyDir: {} } : volume,
  )
}

/** A container that may write the emptied folders, and pulls its image where the node does not have it. */
function onEmptied(container: Fields, emptied: ReadonlySet<string>): Fields {
  const writable = (mount: unknown): unknown => {
    const { readOnly: _, recursiveReadOnly: __, ...rest } = fieldsOf(mount)
    return emptied.has(textAt(mount, 'name') ?? '') ? rest : mount
  }
  return {
    ...container,
    ...(container['imagePullPolicy'] === 'Never' && { imagePullPolicy: 'IfNotPresent' }),
    ...(container['volumeMounts'] !== undefined && { volumeMounts: listAt(container, 'volumeMounts').map(writable) }),
  }
}
