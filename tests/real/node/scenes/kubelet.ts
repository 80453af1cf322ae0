import { expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageForms } from '../../../../packages/simulator/src/kubernetes/form.ts'
import { patternOf } from '../../../../packages/simulator/tests/kubernetes/known-forms.ts'
import type { ApiObject } from '../../cluster/parts/api.ts'
import { restartPart } from '../world/restart-part.ts'
import type { World } from '../world/start-world.ts'

interface Event extends ApiObject {
  readonly reason: string
  readonly message: string
}

interface ContainerStatus {
  readonly containerID: string
  readonly ready: boolean
  readonly state: { readonly running?: object }
}

export interface VllmPod extends ApiObject {
  readonly spec: { readonly nodeName: string }
  readonly status: {
    readonly conditions: readonly { readonly lastTransitionTime: string }[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

/** The pods of the shipped Deployment. */
export function vllmPods({ plane }: World): Promise<readonly VllmPod[]> {
  return plane.api.list<VllmPod>('/api/v1/namespaces/default/pods?labelSelector=app%3Dvllm')
}

/**
 * The one pod that serves, once those of a scale-up before have gone.
 * @throws Error when it is not alone and ready within five minutes
 */
export async function servingPod(world: World): Promise<VllmPod> {
  for (let looks = 0; looks < 600; looks++) {
    const [pod, ...others] = await vllmPods(world)
    if (pod !== undefined && others.length === 0 && pod.status.containerStatuses?.[0]?.ready === true) return pod
    await sleep(500)
  }
  throw new Error('Find the pod that serves: after five minutes it is not alone, or not ready.')
}

/** The forms of the simulated kubelet's events, by reason. */
const { pulling, pulled, present, created, started, backOff, killing } = messageForms
const wordsOf: Readonly<Record<string, readonly string[]>> = {
  Pulling: [pulling],
  Pulled: [pulled, present],
  Created: [created],
  Started: [started],
  BackOff: [backOff],
  Killing: [killing],
}

/** What the kubelet says of the pods that serve, and what becomes of them when it and containerd are restarted. */
export function testKubelet(running: () => World): void {
  const events = async () => {
    const path = '/api/v1/namespaces/default/events?fieldSelector=source%3Dkubelet%2CinvolvedObject.kind%3DPod'
    return (await running().plane.api.list<Event>(path)).filter(({ metadata }) => metadata.name.startsWith('vllm-'))
  }

  test('its stamps are as fine as the timeline takes them', async () => {
    const found = await events()
    expect(found.length).toBeGreaterThan(2)
    for (const { metadata } of found) expect(metadata.name).toMatch(/^vllm-[0-9a-z-]+\.[0-9a-f]{16}$/)
    for (const { status } of await vllmPods(running()))
      for (const { lastTransitionTime } of status.conditions) expect(lastTransitionTime).toMatch(/:\d\dZ$/)
  })

  test('its events have the words of the simulated ones', async () => {
    const said = (await events()).filter(({ reason }) => wordsOf[reason] !== undefined)
    expect(new Set(said.map(({ reason }) => reason))).toEqual(
      new Set([...['Pulled', 'Created', 'Started'], ...said.map(({ reason }) => reason)]),
    )
    const foreign = said.filter(({ reason, message }) => !wordsOf[reason]?.some((form) => patternOf(form).test(message)))
    expect(foreign.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([])
  })

  test('containerd and the kubelet are restarted under a pod that serves, and it goes on', async () => {
    const before = await servingPod(running())
    for (const part of ['containerd', 'kubelet'] as const) await restartPart(running(), before.spec.nodeName, part)
    const [{ containerID } = { containerID: '' }] = before.status.containerStatuses ?? []
    const [after] = await vllmPods(running())
    expect(after?.status.containerStatuses).toMatchObject([{ containerID, restartCount: 0, ready: true }])
  }, 600_000)

  test('a node that is restarted serves again from its volume, and pulls nothing', async () => {
    const world = running()
    const before = await servingPod(world)
    const name = before.spec.nodeName
    await world.nodes.reboot(name)
    const [container] = before.status.containerStatuses ?? []
    expect(await restarted(world, name, container?.containerID ?? '')).toMatchObject({ ready: true })
    const ofPod = (await events()).filter(({ metadata }) => metadata.name.startsWith(`${before.metadata.name}.`))
    expect(ofPod.map(({ reason }) => reason)).not.toContain('Pulling')
    expect(await nodeEvents(world, name)).toContain('Rebooted')
  }, 900_000)
}

/** Waits for ten minutes until another container than the given one is ready on the node. @returns the last one seen */
async function restarted(world: World, node: string, containerId: string): Promise<ContainerStatus | undefined> {
  for (let looks = 0; ; looks++) {
    const on = (await vllmPods(world)).filter(({ spec }) => spec.nodeName === node)
    const containers = on.flatMap(({ status }) => status.containerStatuses ?? [])
    const other = containers.find(({ containerID, ready }) => ready && containerID !== containerId)
    if (other !== undefined || looks === 1200) return other ?? containers[0]
    await sleep(500)
  }
}

/** The reasons of what was said about a node. */
async function nodeEvents({ plane }: World, node: string): Promise<readonly string[]> {
  const found = await plane.api.list<Event>(`/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3D${node}`)
  return found.map(({ reason }) => reason)
}
