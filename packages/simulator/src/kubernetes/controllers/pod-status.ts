import { createHash } from 'node:crypto'
import { fill, messageForms } from '../form.ts'
import type { Container, Pod } from '../objects.ts'
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
  draft.status.containerStatuses = (draft.status.containerStatuses ?? []).map((status) => ({ ...status, ready: true, started: true }))
}

/** Sets the container's state in a draft; `{ running: { startedAt } }` makes the pod's phase Running. */
export function setContainerState(
  draft: Pod,
  { name, image }: Pick<Container, 'name' | 'image'>,
  state: { waiting?: object; running?: object; terminated?: object },
): void {
  const id = createHash('sha256').update(`${draft.metadata.uid}/${name}`).digest('hex')
  const [before] = draft.status.containerStatuses ?? []
  draft.status.containerStatuses = [
    {
      name,
      image,
      imageID: state.running ? `${image.replace(/[:@][^/]*$/, '')}@sha256:${createHash('sha256').update(image).digest('hex')}` : '',
      ...(state.running && { containerID: `containerd://${id}` }),
      ready: false,
      started: false,
      restartCount: before?.restartCount ?? 0,
      state,
      lastState: before?.lastState ?? {},
    },
  ]
  if (state.running) draft.status.phase = 'Running'
}
