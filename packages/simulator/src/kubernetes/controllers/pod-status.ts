import { createHash } from 'node:crypto'
import { fill, messageForms } from '../form.ts'
import type { Container, ContainerStatus, Pod } from '../objects.ts'
import { setCondition } from '../set-condition.ts'

/** Sets in a draft that the pod is not ready, and because of which container. */
export function setUnready(draft: Pod, now: number, container: string): void {
  const message = fill(messageForms.containersUnready, { container })
  for (const type of ['Ready', 'ContainersReady']) {
    setCondition((draft.status.conditions ??= []), now, { type, status: 'False', reason: 'ContainersNotReady', message })
  }
}

/** Sets in a draft that the pod is ready. */
export function setPodReady(draft: Pod, now: number): void {
  for (const type of ['Ready', 'ContainersReady']) setCondition((draft.status.conditions ??= []), now, { type, status: 'True' })
  setStatus(draft, { ready: true, started: true })
}

/** Sets in a draft that the startup probe has succeeded. */
export function setStarted(draft: Pod): void {
  setStatus(draft, { started: true })
}

/** Sets in a draft how the container's last run ended, and how many runs there were before the present one. */
export function setLastState(draft: Pod, lastState: object, restartCount?: number): void {
  setStatus(draft, { lastState, ...(restartCount !== undefined && { restartCount }) })
}

function setStatus(draft: Pod, fields: Partial<ContainerStatus>): void {
  draft.status.containerStatuses = (draft.status.containerStatuses ?? []).map((status) => ({ ...status, ...fields }))
}

/** Sets the container's state in a draft; `{ running: { startedAt } }` makes the pod's phase Running. */
export function setContainerState(
  draft: Pod,
  { name, image }: Pick<Container, 'name' | 'image'>,
  state: { waiting?: object; running?: object; terminated?: object },
): void {
  const [before] = draft.status.containerStatuses ?? []
  const restartCount = before?.restartCount ?? 0
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  // What waits for its next run keeps the identity of the last one.
  const containerID = state.running ? `containerd://${hash(`${draft.metadata.uid}/${name}/${restartCount}`)}` : before?.containerID
  draft.status.containerStatuses = [
    {
      name,
      image,
      imageID: containerID === undefined ? '' : `${image.replace(/[:@][^/]*$/, '')}@sha256:${hash(image)}`,
      ...(containerID !== undefined && { containerID }),
      ready: false,
      started: false,
      restartCount,
      state,
      lastState: before?.lastState ?? {},
    },
  ]
  if (state.running) draft.status.phase = 'Running'
}
