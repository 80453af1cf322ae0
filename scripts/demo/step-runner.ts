import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runStep, type PhaseResult } from '@prebake/action-kit/testing'
import type { Simulator } from '@prebake/simulator'
import type { Narrator } from './narrator.ts'

export class StepFailed extends Error {
  constructor(step: string) {
    super(`${step} ended in another way than it must, so the steps after it were not run.`)
  }
}

/** A step of the demo: `main` with its share of the requests. */
export interface DemoStep extends PhaseResult {
  /** Operations that the servers saw during the step, in order. */
  readonly operations: readonly string[]
}

/**
 * Runs one action, with its post, as a runner would; its summary becomes a file.
 * @param ends how `main` must end. @throws StepFailed when it does not, since the next step would build on it.
 */
export type StepRunner = (
  name: string,
  action: string,
  inputs: Readonly<Record<string, string>>,
  ends?: 'succeeds' | 'fails',
) => Promise<DemoStep>

export function createStepRunner(root: string, products: string, simulator: Simulator, narrator: Narrator): StepRunner {
  return async (name, action, inputs, ends = 'succeeds') => {
    const before = simulator.requests().length
    narrator.step(name, action)
    const { main, post } = await runStep({
      action: join(root, 'actions', action),
      inputs,
      environment: simulator.environment,
      workspace: join(products, 'workspace'),
      temp: join(products, 'runner'),
      onLine: (line) => narrator.line(line),
    })
    const cleanUp = await post?.()
    writeFileSync(join(products, `summary-${name}.md`), main.summary)
    narrator.stepEnd(name, main, ends)
    const operations = simulator
      .requests()
      .slice(before)
      .map(({ operation }) => operation)
    if (main.exitCode !== (ends === 'fails' ? 1 : 0) || (cleanUp && cleanUp.exitCode !== 0)) throw new StepFailed(name)
    return { ...main, operations }
  }
}
