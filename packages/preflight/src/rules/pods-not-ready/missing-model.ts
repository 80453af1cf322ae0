import { dirname } from 'node:path/posix'
import type { BakeRecord } from '@prebake/snapshot-record'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { isBelow, modelFolder } from '../../subject/host-paths.ts'
import { snapshotOf } from '../../subject/node-classes.ts'
import { serversOnSnapshots, type Server } from '../../subject/on-snapshots.ts'
import { servedModel } from '../../subject/served-model.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'

/** A server whose snapshot has a model, with the record of it. */
export interface ModelServer {
  readonly server: Server
  readonly baked: BakeRecord & { readonly modelPath: string }
}

export function modelServers(subject: PreflightSubject): readonly ModelServer[] {
  return serversOnSnapshots(subject).flatMap((server): ModelServer[] => {
    const baked = snapshotOf(subject, server.volume)?.baked
    return baked?.modelPath === undefined ? [] : [{ server, baked: { ...baked, modelPath: baked.modelPath } }]
  })
}

/** The folder of Hugging Face's cache layout that a baked model lies in: that of `…/hub/models--a--b/snapshots/c` is `…/hub`. */
export const cacheOf = (modelPath: string) => dirname(dirname(dirname(modelPath)))

/** Servers that do not find their model, and end. */
export const missingModel: readonly Rule[] = [
  rule({
    id: 'model-path-not-baked',
    severity: 'error',
    about: 'vLLM serves a path below the baked folder that is not the model on the snapshot.',
    needs: ['snapshot'],
    each: modelServers,
    judge: ({ server, baked }): Flaw | Unjudged | undefined => {
      const model = servedModel(server)
      if (model.from === 'unknown') return unjudged(server, 'args', 'the model is not written out')
      if (model.from !== 'path') return undefined
      const { path, mounted } = model
      // Without a mount, the path is meant to be that of the node.
      const onNode = mounted.on === 'host' ? mounted.path : mounted.on === 'image' ? path : undefined
      if (onNode === undefined || onNode === baked.modelPath || !isBaked(path, onNode)) return undefined
      const where = path === onNode ? path : `${path}, which is ${onNode} on the node`
      const problem = `${server.volume.snapshotId} has its model at ${baked.modelPath}, not at ${where}.`
      const fix = `Serve \`${baked.modelPath}\` from a hostPath of \`${modelFolder}\`, or roll out the snapshot of that model.`
      return flaw(server, 'args', problem, fix)
    },
  }),
  rule({
    id: 'model-not-mounted',
    severity: 'error',
    about: 'vLLM serves a path below the baked folder where no mount has the folder of the node, or from an emptyDir that stays empty.',
    needs: ['snapshot'],
    each: modelServers,
    judge: ({ server, baked }): Flaw | Unjudged | undefined => {
      const model = servedModel(server)
      if (model.from !== 'path') return undefined
      const { path, mounted } = model
      const fix = `Mount the hostPath \`${modelFolder}\` (\`type: Directory\`) at \`${modelFolder}\`, read-only, and serve \`${baked.modelPath}\`.`
      if (mounted.on === 'unknown') return unjudged(server, 'volumeMounts', `the volume of ${path} is not written out`)
      if (mounted.on === 'image' && isBaked(path, path))
        return flaw(server, 'volumeMounts', `no mount of the container has ${path}, so the model is not there.`, fix)
      if (mounted.on !== 'volume' || mounted.isFilled) return undefined
      return flaw(server, 'volumeMounts', `${path} is on the emptyDir \`${mounted.name}\`, in which nothing puts a model.`, fix)
    },
  }),
  rule({
    id: 'offline-cache-not-baked',
    severity: 'error',
    about: 'vLLM is offline and given a name on the hub, and the cache in which it looks does not have that model.',
    needs: ['snapshot'],
    each: modelServers,
    judge: judgeOffline,
  }),
]

const isBaked = (...paths: readonly string[]) => paths.some((path) => isBelow(path, modelFolder))

function judgeOffline({ server, baked }: ModelServer): Flaw | Unjudged | undefined {
  const model = servedModel(server)
  if (model.from !== 'hub' || model.offline !== true) return undefined
  const { name, cache } = model
  if (cache === undefined) return unjudged(server, 'env', 'the cache of the hub (HF_HOME) is not written out')
  const { mounted, path, setBy } = cache
  const bakedCache = cacheOf(baked.modelPath)
  const fix = `Serve \`${baked.modelPath}\`, or set \`HF_HOME\` to \`${dirname(bakedCache)}\` and serve \`${baked.model}\`.`
  if (mounted.on === 'host' && mounted.path === bakedCache) {
    if (baked.model === undefined || name === baked.model) return undefined
    return flaw(server, 'args', `${server.volume.snapshotId} has ${baked.model}, not ${name}, and vLLM may not ask the hub.`, fix)
  }
  const isEmpty = mounted.on === 'image' || (mounted.on === 'volume' && !mounted.isFilled)
  if (!isEmpty && !(mounted.on === 'host' && isBaked(mounted.path))) return undefined
  const problem = `vLLM looks for ${name} in ${path} (${setBy}) and may not ask the hub, and the baked cache is ${bakedCache}.`
  return flaw(server, 'env', problem, fix)
}
