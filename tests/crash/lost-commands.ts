import type { Simulator, FaultedRequest } from '@prebake/simulator'
import { disturbAt, type FaultCase } from './fault-case.ts'
import { lastBuilder } from './open-world.ts'

/** Every last state that SSM gives a command (SSM user guide, "Understanding command statuses"), as status and details. */
const endings = [
  ['Cancelled', 'Cancelled'],
  ['TimedOut', 'DeliveryTimedOut'],
  ['TimedOut', 'ExecutionTimedOut'],
  ['Failed', 'Undeliverable'],
  ['Failed', 'Terminated'],
  ['Failed', 'InvalidPlatform'],
  ['Failed', 'AccessDenied'],
  ['Failed', 'Failed'],
] as const

const commands = ['bake: SendCommand probe', 'bake: SendCommand init', 'bake: SendCommand start', 'bake: SendCommand status']
const laterCommands = ['bake: SendCommand seal', 'verify: SendCommand probe', 'verify: SendCommand init', 'verify: SendCommand verify']

/** Ends the command that was just sent, before it has begun to run. */
function loseCommand(simulator: Simulator, [status, details]: (typeof endings)[number]): void {
  void simulator.aws.disturb({ kind: 'command-ended', instanceId: lastBuilder(simulator), status, details })
}

/** Each command is lost once, in another way; in a second build each in yet another one. A script that ran and failed has said why: that is never repeated. */
export const lostOnce = [0, 3].map((shift): FaultCase => {
  const passing = endings.filter(([, details]) => details !== 'Failed')
  const all = [...commands, ...laterCommands]
  const endingOf = (place: string) => passing[(all.indexOf(place) + shift) % passing.length] ?? passing[0]!
  return {
    fault: `each command lost once: ${all.map((place) => endingOf(place)[1]).join(', ')}`,
    where: all.map((place) => place.replace('SendCommand ', '')).join(', '),
    inject: (simulator) => disturbAt(all, (place) => loseCommand(simulator(), endingOf(place))),
  }
})

/** From `init` on every command ends so. */
export const lostAlways = endings.map((ending): FaultCase => {
  const inject = (simulator: () => Simulator) => {
    const first = disturbAt(['bake: SendCommand init'], () => undefined)
    const plan = (request: FaultedRequest): undefined => {
      first.plan(request)
      if (first.missed().length === 0 && request.operation === 'SendCommand') setImmediate(() => loseCommand(simulator(), ending))
    }
    return { plan, missed: first.missed }
  }
  return {
    fault: `command ${ending[1]}, always`,
    where: 'bake: SendCommand init',
    inject,
    words: [ending[1], 'init', 'un the build again'],
  }
})
