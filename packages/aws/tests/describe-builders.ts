import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { InputError, ServiceError } from '@prebake/kernel'
import type { BuilderSpec, CommandState } from '@prebake/snapshot'
import { launchTestBuilder, reach, validSpec } from './launch-test-builder.ts'
import { eventually, patienceMs, unless, type Gaps, type World } from './world.ts'

const { signal } = new AbortController()

/** The inputs that an InputError names. @param code the code that all of its problems must have */
export async function refusedInputs(work: Promise<unknown>, code: string): Promise<string[]> {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (!(error instanceof InputError)) throw new Error('No InputError was thrown.', { cause: error })
  expect(new Set(error.problems.map((problem) => problem.code))).toEqual(new Set([code]))
  return error.problems.map(({ input }) => input)
}

/** What every service behind `Builders` must do. */
export function describeBuilders(title: string, open: () => Promise<World>, gaps: Gaps = {}): void {
  describe(`Builders on ${title}`, () => {
    let world: World
    beforeAll(async () => {
      world = await open()
    })
    afterAll(() => world.close())
    const builders = () => world.aws.builders

    test('finds the newest image and that of a given release', async () => {
      const wanted = { kubernetesVersion: world.kubernetesVersion, architecture: 'x86_64' } as const
      const newest = await builders().findImage({ ...wanted, bottlerocketVersion: 'latest' }, signal)
      expect(newest.amiId).toMatch(/^ami-/)
      expect(newest.bottlerocketVersion).toMatch(/^\d+\.\d+\.\d+$/)
      expect(await builders().findImage({ ...wanted, bottlerocketVersion: `v${newest.bottlerocketVersion}` }, signal)).toEqual(newest)
    })

    test.each([
      { kubernetesVersion: '0.9', bottlerocketVersion: 'latest' },
      { kubernetesVersion: '1.34', bottlerocketVersion: '0.0.1' },
    ])('names both inputs for an image that is not published: %o', async (versions) => {
      const inputs = await refusedInputs(
        builders().findImage({ ...versions, architecture: 'x86_64' }, signal),
        'bottlerocket-image-missing',
      )
      expect(inputs).toEqual(['kubernetes-version', 'bottlerocket-version'])
    })

    test('describes the default subnet as it describes it by ID', async () => {
      const subnet = await builders().describeSubnet(undefined, signal)
      expect(subnet.availabilityZone).toMatch(/^us-west-2[a-z]$/)
      expect(await builders().describeSubnet(subnet.subnetId, signal)).toEqual(subnet)
    })

    test('does not know a subnet that does not exist', async () => {
      expect(await refusedInputs(builders().describeSubnet('subnet-0fffffffffffffff0', signal), 'subnet-not-found')).toEqual(['subnet-id'])
    })

    test(
      'a builder lives: launched, found, stopped, terminated',
      async () => {
        const { spec, instanceId } = await launchTestBuilder(world)
        expect(await builders().find(spec.tags, signal)).toMatchObject([
          { instanceId, state: 'running', reason: undefined, tags: spec.tags, launchedAt: expect.any(Date) },
        ])
        expect(await builders().find({ ...spec.tags, other: 'tag' }, signal)).toEqual([])
        expect(await builders().dataVolume(instanceId, signal)).toMatch(/^vol-/)

        await builders().stop(instanceId, signal)
        const stopped = await reach(world, instanceId, 'stopped')
        expect(stopped.reason).toBeTruthy()
        expect(await builders().dataVolume(instanceId, signal)).toMatch(/^vol-/)

        await builders().terminate(instanceId, signal)
        await reach(world, instanceId, 'terminated')
        expect(await builders().find(spec.tags, signal)).toEqual([])
      },
      patienceMs,
    )

    unless(gaps.endings)(
      'a builder may be terminated again',
      async () => {
        const { instanceId } = await launchTestBuilder(world)
        await builders().terminate(instanceId, signal)
        await builders().terminate(instanceId, signal)
        await reach(world, instanceId, 'terminated')
        await builders().terminate(instanceId, signal)
      },
      patienceMs,
    )

    test('an instance that never was is unknown, and terminating it is fine', async () => {
      expect(await builders().get('i-0fffffffffffffff0', signal)).toBeUndefined()
      await builders().terminate('i-0fffffffffffffff0', signal)
      await expect(builders().dataVolume('i-0fffffffffffffff0', signal)).rejects.toMatchObject({
        errorCode: 'data-volume-missing',
      })
    })

    test('a launch into an unknown subnet names the input', async () => {
      const spec = { ...(await validSpec(world)), subnetId: 'subnet-0fffffffffffffff0' }
      expect(await refusedInputs(builders().launch(spec, signal), 'launch-refused')).toEqual(['subnet-id'])
    })

    describe('a launch is refused, and the input named', () => {
      unless(gaps.checks).each<[string, Partial<BuilderSpec>]>([
        ['bottlerocket-version', { amiId: 'ami-0fffffffffffffff0' }],
        ['instance-type', { instanceType: 'm6i.huge' }],
        ['instance-type', { instanceType: 'm7g.2xlarge' }],
        ['instance-profile', { instanceProfile: 'missing' }],
        ['security-group-ids', { securityGroupIds: ['sg-0fffffffffffffff0'] }],
        ['volume-size', { dataVolume: { sizeGiB: 4, iops: 4000, throughput: 1000 } }],
      ])('%s: %o', async (input, change) => {
        const launch = builders().launch({ ...(await validSpec(world)), ...change }, signal)
        expect(await refusedInputs(launch, 'launch-refused')).toEqual([input])
      })
    })

    unless(gaps.tokens)('a token makes two launches one, and belongs to its parameters', async () => {
      const spec = await validSpec(world)
      const first = await builders().launch(spec, signal)
      expect(first.reason).toBeUndefined()
      const second = await builders().launch(spec, signal)
      expect(second.instanceId).toBe(first.instanceId)
      const other = builders().launch({ ...spec, instanceType: 'm6i.xlarge' }, signal)
      await expect(other).rejects.toMatchObject({ code: 'IdempotentParameterMismatch' })
      await builders().terminate(first.instanceId, signal)
    })

    unless(gaps.commands)(
      'a command is sent once the agent is online, and its end is seen',
      async () => {
        const { instanceId } = await launchTestBuilder(world)
        expect(await builders().isOnline('i-0fffffffffffffff0', signal)).toBe(false)
        await expect(builders().send('i-0fffffffffffffff0', 'true', 60, signal)).rejects.toMatchObject({ code: 'InvalidInstanceId' })
        await eventually(world, 'the agent', async () =>
          (await builders().isOnline(instanceId, signal)) ? { value: true } : { state: 'offline' },
        )

        // The container comes up a little later than the agent: until then the line fails.
        const good = await eventually(world, 'a good answer', async () => {
          const state = await run(instanceId, `apiclient exec -T admin bash -c 'echo out'`)
          return state.status === 'Success' ? { value: state } : { state: state.stdout + state.stderr }
        })
        expect(good).toMatchObject({ exitCode: 0, statusDetails: 'Success' })
        expect(good.stdout.trim()).toBe('out')
        // As SSM says it in the first moments after it has taken a command.
        expect(await builders().getCommand(instanceId, '00000000-0000-4000-8000-000000000000', signal)).toBeUndefined()
        const bad = await run(instanceId, `apiclient exec -T admin bash -c 'echo no; exit 3'`)
        expect(bad).toMatchObject({ status: 'Failed', exitCode: 3 })
        expect(bad.stdout).toContain('no')
        await builders().terminate(instanceId, signal)
      },
      patienceMs,
    )

    async function run(instanceId: string, line: string): Promise<CommandState> {
      const commandId = await eventually(world, 'the command to be taken', async () => {
        try {
          return { value: await builders().send(instanceId, line, 60, signal) }
        } catch (error) {
          if (error instanceof ServiceError && error.code === 'InvalidInstanceId') return { state: error.message }
          throw error
        }
      })
      return eventually(world, 'the command to end', async () => {
        const state = await builders().getCommand(instanceId, commandId, signal)
        if (state?.exitCode !== undefined) return { value: state }
        expect(state?.stdout ?? '').toBe('')
        return { state: state?.status ?? 'unknown' }
      })
    }
  })
}
