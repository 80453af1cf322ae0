import { expect, test } from '@jest/globals'
import type { StackRequest, Stacks, StackState } from '@prebake/aws'
import { applyStack, removeStack } from '../src/infra/apply-stack.ts'

const request: StackRequest = { name: 'prebake', template: 't', parameters: {}, tags: {} }
const clock = { now: () => new Date(0), sleep: () => Promise.resolve() }
const { signal } = new AbortController()

/** A stack that goes through these states, one for each look. */
function play(states: readonly (string | undefined)[], { changes = true }: { readonly changes?: boolean } = {}) {
  const left = [...states]
  const calls: string[] = []
  const said: string[] = []
  const stacks: Stacks = {
    describe: () => {
      const status = left.length > 1 ? left.shift() : left[0]
      const state: StackState | undefined = status === undefined ? undefined : { status, reason: undefined, outputs: { at: status } }
      return Promise.resolve(state)
    },
    create: () => Promise.resolve(void calls.push('create')),
    update: () => Promise.resolve(calls.push('update') > 0 && changes),
    remove: () => Promise.resolve(void calls.push('remove')),
    failures: () => Promise.resolve(['BuildRole CREATE_FAILED: no']),
  }
  const reporter = { info: (line: string) => said.push(line), progress: (line: string) => said.push(line) }
  return { calls, said, ports: { stacks, clock, reporter } }
}

test.each([
  ['there is none', [undefined, 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE'], ['create']],
  ['there is an older one', ['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'], ['update']],
  ['an earlier run began it', ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'UPDATE_COMPLETE'], ['update']],
  ['its creation failed', ['ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', undefined, 'CREATE_COMPLETE'], ['remove', 'create']],
  ['an update was rolled back', ['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE'], ['update']],
])('%s', async (_what, states, calls) => {
  const played = play(states)
  expect(await applyStack(request, played.ports, signal)).toEqual({ at: states.at(-1) })
  expect(played.calls).toEqual(calls)
})

test('where nothing differs, nothing is waited for', async () => {
  const played = play(['UPDATE_COMPLETE'], { changes: false })
  expect(await applyStack(request, played.ports, signal)).toEqual({ at: 'UPDATE_COMPLETE' })
})

test('a failure has the reasons of CloudFormation', async () => {
  const applied = applyStack(request, play([undefined, 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE']).ports, signal)
  await expect(applied).rejects.toMatchObject({
    errorCode: 'stack-failed',
    message: expect.stringContaining('BuildRole CREATE_FAILED: no'),
  })
})

test('an update that fails is not called a success, though the stack is whole again', async () => {
  const applied = applyStack(request, play(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']).ports, signal)
  await expect(applied).rejects.toMatchObject({ errorCode: 'stack-failed' })
})

test.each(['DELETE_FAILED', 'UPDATE_ROLLBACK_FAILED'])('%s is left to a person, untouched', async (status) => {
  const played = play([status])
  await expect(applyStack(request, played.ports, signal)).rejects.toMatchObject({ errorCode: 'stack-unusable' })
  expect(played.calls).toEqual([])
})

test('a deletion that fails says so', async () => {
  await expect(removeStack('prebake', play(['DELETE_IN_PROGRESS', 'DELETE_FAILED']).ports, signal)).rejects.toMatchObject({
    errorCode: 'stack-failed',
  })
})
