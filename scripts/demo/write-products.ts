import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Simulator } from '@prebake/simulator'
import type { DemoSteps } from './play-demo.ts'

/** Writes outputs.json, report.json, report.html and pr-comment.md. @returns the pull request's comment, as markdown. */
export function writeProducts(steps: DemoSteps, simulator: Simulator, products: string): string {
  const outputs = Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step.outputs]))
  writeFileSync(join(products, 'outputs.json'), `${JSON.stringify(outputs, undefined, 2)}\n`)
  for (const [output, file] of [
    ['report', 'report.json'],
    ['report-html', 'report.html'],
  ] as const) {
    const path = steps.measure.outputs[output]
    if (path) copyFileSync(path, join(products, file))
  }
  const comment = simulator.comments().at(-1)?.body ?? ''
  writeFileSync(join(products, 'pr-comment.md'), comment)
  return comment
}
