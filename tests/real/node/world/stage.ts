import { bake, rollOut, scaleUp } from './mission-steps.ts'
import { startWorld, type StepResult, type World } from './start-world.ts'

/** A world on which the mission's steps have run, each once, and only when they are asked for. */
export interface Stage {
  readonly world: World
  readonly built: StepResult
  /** The shipped manifests on nodes of the snapshot. */
  readonly rolledOut: () => Promise<StepResult>
  /** What scale-benchmark measured of a second pod, on a volume that is whole; it has commented on the pull request. */
  readonly secondPod: () => Promise<StepResult>
}

export async function openStage(): Promise<Stage> {
  const world = await startWorld()
  const built = await bake(world)
  const rolledOut = once(() => rollOut(world, built))
  return {
    world,
    built,
    rolledOut,
    secondPod: once(async () => {
      await serving({ rolledOut })
      return scaleUp(world, built, { 'github-token': world.github.githubToken, 'pull-request': '1' })
    }),
  }
}

/** @throws Error when the rollout failed: nothing serves then. */
export async function serving({ rolledOut }: Pick<Stage, 'rolledOut'>): Promise<void> {
  const { exitCode, errors } = await rolledOut()
  if (exitCode !== 0) throw new Error(`Roll out: it ended with ${exitCode}: ${errors.join('; ')}`)
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => (result ??= work())
}
