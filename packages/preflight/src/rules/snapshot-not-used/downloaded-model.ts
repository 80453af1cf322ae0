import { textsAt } from '@prebake/manifests'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { hostPathsOf, isBelow, modelFolder } from '../../subject/host-paths.ts'
import { podsOnSnapshots, serversOnSnapshots } from '../../subject/on-snapshots.ts'
import { isOffline, servedModel, type ServedModel } from '../../subject/served-model.ts'
import { modelServers } from '../pods-not-ready/missing-model.ts'
import { rule, type Rule } from '../rule.ts'

/** What fetches a model in a shell: of Hugging Face, of AWS and of other stores. */
const downloads =
  /\b(?:hf|huggingface-cli) download\b|\bsnapshot_download\b|\bhf_hub_download\b|\baws s3 (?:cp|sync)\b|\bs5cmd\b[^|;&]* (?:cp|sync)\b|\b(?:gsutil|gcloud storage|rclone|mc) [^|;&]*\b(?:cp|copy|rsync|sync|mirror)\b|\bgit (?:lfs )?clone\b/

/** Models that vLLM reads from somewhere else although the snapshot has one. */
export const downloadedModel: readonly Rule[] = [
  rule({
    id: 'baked-model-unused',
    severity: 'warning',
    about:
      'vLLM reads its model from an address, from its image or from another volume: the model on the snapshot is paid for and not used.',
    needs: ['snapshot'],
    each: modelServers,
    judge: ({ server, baked }) => {
      const source = otherSource(servedModel(server))
      if (source === undefined) return undefined
      const problem = `the model is read from ${source}, and the snapshot's model is not used.`
      return flaw(server, 'args', problem, `Serve \`${baked.modelPath}\`, or build with \`bake: image\`.`)
    },
  }),
  rule({
    id: 'model-by-name',
    severity: 'warning',
    about: 'vLLM is given a name on the hub, not the baked path: online it lists the repository and may download what was left out.',
    each: serversOnSnapshots,
    judge: (server): Flaw | Unjudged | undefined => {
      const model = servedModel(server)
      if (model.from !== 'hub' || model.offline === true) return undefined
      if (model.offline === undefined) return unjudged(server, 'env', 'HF_HUB_OFFLINE is not written out')
      const problem = `\`${model.name}\` is looked up on the hub, where other files may be listed than were baked, and those are downloaded at every start.`
      return flaw(server, 'args', problem, 'Serve the baked path (`model-path` of build-snapshot) with `--served-model-name`.')
    },
  }),
  rule({
    id: 'hub-online',
    severity: 'warning',
    about: '`HF_HUB_OFFLINE` is not `1`: a file that was not baked is downloaded silently, instead of an error.',
    each: serversOnSnapshots,
    judge: (server): Flaw | Unjudged | undefined => {
      const offline = isOffline(server.serve.environment)
      if (offline === undefined) return unjudged(server, 'env', 'HF_HUB_OFFLINE is not written out')
      if (offline || servedModel(server).from === 'address') return undefined
      const problem = 'without HF_HUB_OFFLINE=1 vLLM asks the hub at every start, and downloads what is missing.'
      return flaw(server, 'env', problem, "Add `{ name: HF_HUB_OFFLINE, value: '1' }`.")
    },
  }),
  rule({
    id: 'init-download',
    severity: 'warning',
    about: 'An init container downloads a model before vLLM starts, on nodes that have it on their snapshot.',
    needs: ['snapshot'],
    each: (subject) =>
      modelServers(subject).flatMap(({ server }) =>
        server.pod.containers.flatMap((container) => (container.role === 'init' ? container : [])),
      ),
    judge: (container) => {
      const words = ['command', 'args'].flatMap((name) => textsAt(container.fields, name)).join(' ')
      const [command] = downloads.exec(words) ?? []
      if (command === undefined) return undefined
      const problem = `\`${command}\` runs at every start of a pod, before vLLM, and the node has the model already.`
      return flaw(container, '', problem, 'Remove this init container, and serve the baked path.')
    },
  }),
  rule({
    id: 'model-mount-created',
    severity: 'warning',
    about: 'The hostPath of the baked folder creates it where it is missing: a node without the snapshot then starts with an empty one.',
    each: (subject) => podsOnSnapshots(subject).flatMap(({ pod }) => hostPathsOf(pod)),
    judge: (volume) => {
      if (!isBelow(volume.hostPath, modelFolder) || volume.type === 'Directory') return undefined
      const problem = 'on a node without the snapshot the pod starts all the same, and finds nothing or downloads.'
      return flaw(volume, 'type', problem, 'Set `type: Directory`.')
    },
  }),
]

/** In words; undefined where it is the snapshot, nothing at all (an error of its own), or not known. */
function otherSource(model: ServedModel): string | undefined {
  if (model.from === 'address') return model.address
  if (model.from === 'hub' && model.offline === true && model.cache !== undefined) {
    const { mounted, path } = model.cache
    if (mounted.on === 'volume' && mounted.isFilled) return `${path} on the ${mounted.source} \`${mounted.name}\``
    return mounted.on === 'host' && !isBelow(mounted.path, modelFolder) ? `${mounted.path} on the node` : undefined
  }
  if (model.from !== 'path') return undefined
  const { mounted, path } = model
  switch (mounted.on) {
    case 'host':
      return isBelow(mounted.path, modelFolder) || isBelow(path, modelFolder) ? undefined : `${mounted.path} on the node`
    case 'image':
      return isBelow(path, modelFolder) ? undefined : `${path} in the container's image, if it is there: no mount has it`
    case 'volume':
      return mounted.isFilled ? `${path} on the ${mounted.source} \`${mounted.name}\`` : undefined
    case 'unknown':
      return undefined
  }
}
