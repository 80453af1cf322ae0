import { afterEach, expect, test } from '@jest/globals'
import { openTerminal, type TerminalScene } from './open-terminal.ts'

let scene: TerminalScene
afterEach(() => scene.close())

const open = () => (JSON.parse(scene.read('.prebake.json') ?? '{}') as { open?: Record<string, string> }).open
const stopAt = (text: string, signal: NodeJS.Signals) => {
  let done = false
  return {
    onLine: (line: string, pid: number) => {
      if (done || !line.includes(text)) return
      done = true
      process.kill(pid, signal)
    },
  }
}

test.each(['SIGINT', 'SIGHUP'] as const)('%s in mid-bake ends the builder, and leaves nothing', async (signal) => {
  scene = await openTerminal()
  const stopped = await scene.run('optimize-vllm', ['--yes', ...scene.settings], stopAt('running: model', signal))
  expect(stopped.exitCode).toBe(signal === 'SIGINT' ? 130 : 129)
  expect(scene.alive()).toEqual([])
  expect(scene.simulator.aws.instances()).toHaveLength(1)
  expect(stopped.lines.join('\n')).toMatch(/Terminated i-\w+/)
  expect(open()).toEqual({})
  expect(scene.read('.snapshot-id')).toBeUndefined()
})

test('a run that is killed is ended by the next one, before anything else', async () => {
  scene = await openTerminal()
  await scene.run('optimize-vllm', ['--yes', ...scene.settings], stopAt('running: model', 'SIGKILL'))
  expect(scene.alive()).toHaveLength(1)
  expect(open()).toHaveProperty('runToken')
  const next = await scene.run('optimize-vllm', ['--yes', ...scene.settings, '--instance-profile', 'no-such-profile'])
  expect(next).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('launch-refused') })
  expect(scene.alive()).toEqual([])
  expect(open()).toEqual({})
})

test('a second run in the same folder is refused while the first one works', async () => {
  scene = await openTerminal()
  let second: ReturnType<TerminalScene['run']> | undefined
  const first = await scene.run('optimize-vllm', ['--yes', ...scene.settings], {
    onLine: (line, pid) => {
      if (second !== undefined || !line.includes('Launched')) return
      // However long the second one takes to start, the first one is not done.
      process.kill(pid, 'SIGSTOP')
      second = scene.run('optimize-vllm', ['--yes', ...scene.settings])
      void second.finally(() => (['SIGCONT', 'SIGINT'] as const).forEach((signal) => process.kill(pid, signal)))
    },
  })
  expect(await second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('run-active') })
  expect(first.exitCode).toBe(130)
  expect(scene.alive()).toEqual([])
})

test('Ctrl-C in mid-rollout leaves no NodePool paused, and the next run serves the baked snapshot', async () => {
  scene = await openTerminal()
  const stopped = await scene.run('optimize-vllm', ['--yes', ...scene.settings], stopAt('Deployment default/vllm created', 'SIGINT'))
  expect(stopped.exitCode).toBe(130)
  expect(JSON.stringify(scene.simulator.kubernetes.objects('NodePool'))).not.toContain('prebake.dev/held')
  expect(open()).toEqual({})
  const launched = scene.simulator.aws.instances().length
  const again = await scene.run('optimize-vllm', ['--yes', ...scene.settings])
  expect(again).toMatchObject({ exitCode: 0, stderr: '' })
  expect(scene.simulator.aws.instances()).toHaveLength(launched)
})
