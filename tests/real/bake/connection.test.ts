import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import type { Effect, Met } from './gate.ts'
import { onBuilder } from './on-builder.ts'
import type { Loss } from './real-cloud.ts'
import { startScene, type Scene } from './start-scene.ts'

let scene: Scene
let meet: (met: Met) => Effect
let lose: (line: string) => Loss | undefined | Promise<Loss | undefined>
const scriptOf = (line: string) => / 'run (\w+)\.sh/.exec(line)?.[1]

beforeAll(async () => {
  scene = await startScene({ withImage: false, meetHub: (met) => meet(met), lose: (line) => lose(line) })
})

afterAll(() => scene?.[Symbol.asyncDispose]())

const isContent = ({ path }: Met) => path.startsWith('/cdn/')
const worker = 'read -r pid _ <$MEMORY/state/worker && echo $pid'
const silences = () => scene.log.filter((line) => line.startsWith('no response')).length

test('commands that end with their silent client hurt neither the worker nor the bake, whichever they are', async () => {
  ;[meet, lose] = [(met) => (isContent(met) ? 'hold' : undefined), () => undefined]
  await onBuilder(scene, async ({ begin, until, shell, watch, node }) => {
    await begin()
    await until(({ state, files }) => state === 'running' && files.done > 3)
    const before = await shell(worker)
    const from = silences()
    // Some in the middle of a script, some before it has begun.
    await shell('printf "%s\\n" 0.02 0.1 0.2 0.3 0.4 0.6 >$NODE/silent-clients')
    const watched = watch()
    while ((await node.enter('bash', '-c', '[[ -s $NODE/silent-clients ]]')).code === 0) await pause(100)
    expect(await shell(worker)).toBe(before)
    // Only now can it be done.
    meet = () => undefined
    scene.hubGate.open()
    await watched
    expect(silences()).toBeGreaterThan(from)
  })
})

test('when the admin container is restarted in mid-download, a new worker receives everything and resumes', async () => {
  const chunk = 1 << 20
  ;[meet, lose] = [
    ({ path, start = 0 }) => (path.startsWith('/cdn/') && start >= 4 * chunk ? { pace: 200_000 } : undefined),
    () => undefined,
  ]
  await onBuilder(scene, async ({ tell, begin, until, shell, watch, node, plan }) => {
    await tell(`chunk\t${chunk}`)
    await begin()
    await until(({ bytes }) => bytes.all - bytes.done <= 3 * chunk)
    await node.restartAdmin()
    expect(await shell('ls $MEMORY 2>/dev/null || :')).toBe('')
    expect(await shell('ps -e -o args | grep -c "[w]ork.sh" || :')).toBe('0\n')
    meet = () => undefined
    const from = silences()
    await watch()
    expect(silences()).toBeGreaterThan(from)
    const weights = plan.recipe.files.find(({ path }) => path === 'model.safetensors')?.digest.hex ?? ''
    expect(await shell(`sha256sum $MODEL/blobs/${weights}`)).toContain(`${weights} `)
  })
})

test('commands that an agent loses are sent again: those that never ran, and those that ran without an answer', async () => {
  const losses: (Loss | undefined)[] = ['Undeliverable', 'TimedOut', undefined, 'TimedOut', 'Undeliverable']
  let lost = 0
  ;[meet, lose] = [() => undefined, () => undefined]
  await onBuilder(scene, async ({ watch, until }) => {
    lose = (line) => {
      if (!['start', 'status'].includes(scriptOf(line) ?? '')) return undefined
      const loss = losses.shift()
      if (loss !== undefined) lost += 1
      return loss
    }
    await watch()
    expect(lost).toBe(4)
    expect(await until(({ state }) => state === 'done')).toMatchObject({ kubelet: 'inactive' })
  })
})

test('a build outlives a container that is lost just before seal, and every command whose agent is lost', async () => {
  meet = () => undefined
  const fates: Record<string, (Loss | 'restart')[]> = {
    probe: ['Undeliverable', 'TimedOut'],
    init: ['TimedOut'],
    seal: ['restart', 'TimedOut'],
    verify: ['Undeliverable', 'TimedOut'],
  }
  const sent: string[] = []
  lose = async (line) => {
    const script = scriptOf(line) ?? ''
    sent.push(script)
    const fate = fates[script]?.shift()
    if (fate !== 'restart') return fate
    await scene.cloud.node(`i-${scene.cloud.launched.length}`).restartAdmin()
    return undefined
  }
  await scene.build()
  expect(Object.values(fates).flat()).toEqual([])
  const times = (script: string) => sent.filter((other) => other === script).length
  // Of the bake and of the check; init once more after the restart.
  expect([times('probe'), times('init'), times('seal'), times('verify')]).toEqual([4, 4, 3, 3])
  expect(scene.log.at(-1)).toMatch(/^Built snap-/)
})
