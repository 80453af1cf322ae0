import { parseArgs } from 'node:util'
import { messageOf } from '@prebake/kernel'
import { demoFaults, type DemoFault } from './faults.ts'

export interface DemoOptions {
  readonly timings: boolean
  readonly seed: number
  readonly fault: DemoFault | undefined
}

const faults = Object.entries(demoFaults).map(([name, { about }]) => `    ${name.padEnd(16)} ${about}`)
const usage = [
  'npx pnpm@12 demo [options]',
  '  --seed NUMBER      repeats a run',
  '  --timings          prints each delay that is played, with its source, and plays nothing',
  '  --fault NAME       rolls out with a fault, and lets diagnose-startup name it:',
  ...faults,
].join('\n')

/** Reads the command line. @returns a text to print in place of a demo, and the exit code, where help is wanted or an option is wrong. */
export function readOptions(args: readonly string[]): DemoOptions | { readonly text: string; readonly exitCode: number } {
  let values
  try {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean' } as const
    values = parseArgs({ args: [...args], options: { timings: flag, seed: text, fault: text, help: { ...flag, short: 'h' } } }).values
  } catch (error) {
    return { text: `${messageOf(error)}\n\n${usage}`, exitCode: 2 }
  }
  const { timings = false, seed = String(Math.floor(Math.random() * 1e6)), fault, help } = values
  if (help) return { text: usage, exitCode: 0 }
  if (!/^\d+$/.test(seed)) return { text: `--seed ${seed}: it is not a whole number.\n\n${usage}`, exitCode: 2 }
  if (fault !== undefined && !Object.hasOwn(demoFaults, fault)) return { text: `There is no fault ${fault}.\n\n${usage}`, exitCode: 2 }
  return { timings, seed: Number(seed), fault: fault === undefined ? undefined : demoFaults[fault] }
}
