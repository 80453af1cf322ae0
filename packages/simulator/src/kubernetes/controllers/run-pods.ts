import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import { fill, messageForms } from '../form.ts'
import type { Container, Pod } from '../objects.ts'
import { formatDuration } from '../quantity.ts'
import { setCondition } from '../set-condition.ts'
import { toSeconds } from '../stamps.ts'
import { imageSize } from '../../registry/images.ts'
import { livePod, recordPodEvent } from './live-pod.ts'
import { setContainerState, setUnready } from './pod-status.ts'
import { startContainer } from './start-container.ts'

/**
 * The kubelet of every node: takes up each pod that was bound, and leads it through sandbox, image and container. Only a pod's first container is
 * played, and no init containers.
 */
export function runPods(cluster: Cluster, taken: Set<string>): void {
  for (const { metadata, spec } of cluster.store.list<Pod>('Pod')) {
    if (spec.nodeName === undefined || taken.has(metadata.uid) || metadata.deletionTimestamp !== undefined) continue
    taken.add(metadata.uid)
    runPod(cluster, metadata)
  }
}

function runPod(cluster: Cluster, metadata: Pod['metadata']): void {
  const { store, agenda, machines } = cluster
  const delay = (timing: Parameters<typeof delayOf>[1]) => delayOf(cluster, timing, metadata.name)
  const step = (seconds: number, run: (pod: Pod, container: Container) => void) =>
    agenda.after(seconds, () => {
      const pod = livePod(cluster, metadata)
      const container = pod?.spec.containers[0]
      if (pod && container) run(pod, container)
    })

  step(delay('kubeletAccept'), (pod, container) => {
    const machine = machines.get(pod.spec.nodeName ?? '')
    const accepted = store.update(pod, (draft) => {
      draft.status.startTime = toSeconds(agenda.now())
      draft.status.hostIP = machine?.ip ?? '172.31.10.20'
      draft.status.conditions ??= []
      setCondition(draft.status.conditions, agenda.now(), { type: 'PodReadyToStartContainers', status: 'False' })
      setCondition(draft.status.conditions, agenda.now(), { type: 'Initialized', status: 'True' })
      setUnready(draft, agenda.now(), container.name)
      setContainerState(draft, container, { waiting: { reason: 'ContainerCreating' } })
    })
    // Of what pods mount, a snapshot brings the folder of models alone; every folder outside of /mnt is taken for there.
    const volume = machine?.volume
    const hasModels = volume?.fromSnapshot === true && volume.flaw !== 'no folder'
    const absent = pod.spec.volumes?.find(
      ({ hostPath }) =>
        hostPath?.type === 'Directory' && hostPath.path.startsWith('/mnt/') && !(hasModels && /^\/mnt\/models(?:\/|$)/.test(hostPath.path)),
    )
    if (absent) {
      const values = { volume: absent.name, path: absent.hostPath?.path }
      return recordPodEvent(cluster, accepted, 'Warning', 'FailedMount', messageForms.failedMount, undefined, values)
    }
    step(delay('podSandbox'), (sandboxed) => {
      const ready = store.update(sandboxed, (draft) => {
        draft.status.podIP = (machine?.ip ?? '172.31.10.20').replace(/\d+$/, (host) => String((Number(host) + 100) % 256))
        setCondition((draft.status.conditions ??= []), agenda.now(), { type: 'PodReadyToStartContainers', status: 'True' })
      })
      if (!resolves(container.image)) return failToPull(cluster, ready, container)
      const isThere = machine?.volume.fromSnapshot === true || machine?.images.has(container.image) === true
      if (isThere) {
        recordPodEvent(cluster, ready, 'Normal', 'Pulled', messageForms.present, container)
        return create()
      }
      const bytes = imageSize(container.image)
      const seconds = delay('imageGigabyte') * (bytes / 1e9)
      recordPodEvent(cluster, ready, 'Normal', 'Pulling', messageForms.pulling, container)
      step(seconds, (pulled) => {
        machine?.images.add(container.image)
        const took = formatDuration(seconds)
        recordPodEvent(cluster, pulled, 'Normal', 'Pulled', messageForms.pulled, container, { pull: took, total: took, bytes })
        create()
      })
    })
  })

  const create = () =>
    step(delay('containerCreate'), (pod, container) => {
      const { volume, images } = machines.get(pod.spec.nodeName ?? '') ?? {}
      if (volume?.flaw === 'broken image' && images?.has(container.image) !== true) {
        const message = messageForms.layerMissing
        store.update(pod, (draft) => setContainerState(draft, container, { waiting: { reason: 'CreateContainerError', message } }))
        return recordPodEvent(cluster, pod, 'Warning', 'Failed', message, container)
      }
      recordPodEvent(cluster, pod, 'Normal', 'Created', messageForms.created, container)
      step(delay('containerStart'), (created) => {
        recordPodEvent(cluster, created, 'Normal', 'Started', messageForms.started, container)
        startContainer(cluster, created, container)
      })
    })
}

/** A host below `.invalid` is nowhere (RFC 2606), and so no snapshot has its images. */
const resolves = (image: string): boolean => !hostOf(image).endsWith('.invalid')
const hostOf = (image: string): string => image.split('/')[0] ?? ''

/** Until the kubelet looks at the pod again and finds that it has to wait, as seen in tests/real/node. */
const backOffSeconds = 1

/** The kubelet tries, backs off and tries again, for ever: only another pod ends it. */
function failToPull(cluster: Cluster, { metadata }: Pod, container: Container): void {
  const { image } = container
  const host = hostOf(image)
  const [, repository = '', reference = 'latest'] = /^([^@:]+)[@:]?(.*)$/.exec(image.slice(host.length + 1)) ?? []
  const values = { image, host, repository, reference }
  const wait = (reason: string, message: string) => {
    const pod = livePod(cluster, metadata)
    if (pod) cluster.store.update(pod, (draft) => setContainerState(draft, container, { waiting: { reason, message } }))
    return pod
  }
  const problem = fill(messageForms.pullProblem, values)
  const pod = wait('ErrImagePull', problem)
  if (pod === undefined) return
  recordPodEvent(cluster, pod, 'Normal', 'Pulling', messageForms.pulling, container)
  recordPodEvent(cluster, pod, 'Warning', 'Failed', messageForms.pullFailed, container, { problem })
  recordPodEvent(cluster, pod, 'Warning', 'Failed', messageForms.pullError, container)
  cluster.agenda.after(backOffSeconds, () => {
    const backedOff = wait('ImagePullBackOff', fill(messageForms.pullBackOffState, { image, problem }))
    if (backedOff === undefined) return
    recordPodEvent(cluster, backedOff, 'Normal', 'BackOff', messageForms.pullBackOff, container)
    recordPodEvent(cluster, backedOff, 'Warning', 'Failed', messageForms.pullBackOffError, container)
  })
}
