import type { FaultEffect, FaultPlan, Simulator, FaultedRequest } from '@prebake/simulator'
import { failureOf, type Failure } from './faults.ts'
import { namePlaces, type Place } from './name-requests.ts'

type NameOf = (request: FaultedRequest) => Place | undefined

/** One thing that goes wrong with a build, and what must come of it. */
export interface FaultCase {
  readonly fault: string
  readonly where: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  readonly rate?: number
  /** Created for each run. */
  readonly inject: (simulator: () => Simulator) => Injection
  /** What the run must say when it ends by this; without it, it must succeed. */
  readonly words?: readonly (string | RegExp)[]
}

export interface Injection {
  readonly plan: FaultPlan
  /** Places that should have been hit, and were not. */
  readonly missed: () => readonly string[]
}

/** Each of the places meets the failure once: the client's own repetition of a request that was hit is no place of its own. */
export function injectEachOnce(failure: Failure, places: readonly Place[], nameOf: NameOf = namePlaces()): Injection {
  const open = new Map(places.map((place) => [place.name, place]))
  const repeated = new Set<string>()
  const plan = (request: FaultedRequest): FaultEffect | undefined => {
    const key = JSON.stringify([request.operation, request.parameters])
    if (repeated.delete(key)) return undefined
    const name = nameOf(request)?.name
    if (name === undefined || !open.delete(name)) return undefined
    repeated.add(key)
    return failureOf(failure, request.operation, request.server)
  }
  // How often a build looks, or repeats a command that only looks, differs from run to run.
  return {
    plan,
    missed: () => [...open.values()].filter(({ name, changes }) => changes && !name.endsWith('later')).map(({ name }) => name),
  }
}

/** From a place on, every request of its operation meets the same. */
export function injectFrom(place: string, failure: Failure, nameOf: NameOf = namePlaces()): Injection {
  let operation: string | undefined
  const plan = (request: FaultedRequest): FaultEffect | undefined => {
    if (operation === undefined && nameOf(request)?.name === place) operation = request.operation
    return request.operation === operation ? failureOf(failure, request.operation, request.server) : undefined
  }
  return { plan, missed: () => (operation === undefined ? [place] : []) }
}

/** Requests that `isHit` picks meet an error, at most so many. */
export function injectWhere(
  isHit: (request: FaultedRequest) => boolean,
  error: { readonly status: number; readonly code: string; readonly message: string },
  times = Infinity,
): Injection {
  let count = 0
  const plan = (request: FaultedRequest): FaultEffect | undefined => {
    if (request.server !== 'aws' || count >= times || !isHit(request)) return undefined
    count += 1
    return { kind: 'error', ...error }
  }
  return { plan, missed: () => (count === 0 ? [error.code] : []) }
}

/** As a place's first request is carried out, something else happens; at each of several places, once. */
export function disturbAt(places: readonly string[], disturb: (place: string) => void): Injection {
  const nameOf = namePlaces()
  const open = new Set(places)
  const plan = (request: FaultedRequest): undefined => {
    const name = nameOf(request)?.name ?? ''
    // Once the request itself has been dealt with.
    if (open.delete(name)) setImmediate(() => disturb(name))
  }
  return { plan, missed: () => [...open] }
}
