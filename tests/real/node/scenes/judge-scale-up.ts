import type { StepResult } from '../world/start-world.ts'

/** What a scale-up of one pod shows that downloads nothing, by rows of scale-benchmark's summary. */
const baked = { 'pods on new nodes': '1 of 1', 'image was on the node': '1 of 1', 'weights downloaded by': '0 of 1' } as const

/** Seconds of a phase in scale-benchmark's summary, the median of its pods; NaN where it is not reported. */
export function phaseSeconds({ summary }: Pick<StepResult, 'summary'>, phase: string): number {
  return Number(new RegExp(`^\\| \`${phase}\` \\| [^|]+ \\| ([\\d.]+) s \\|`, 'm').exec(summary)?.[1])
}

/** The mission's own check: what speaks against a bake, by what scale-benchmark measured on it. Empty: everything was on the volume, and it serves. */
export function judgeScaleUp({ exitCode, errors, summary }: Pick<StepResult, 'exitCode' | 'errors' | 'summary'>): readonly string[] {
  const cells = (name: string) => new RegExp(`^\\| ${name} \\| (.*) \\|$`, 'm').exec(summary)?.[1] ?? 'not reported'
  const rows = Object.entries(baked).filter(([name, wanted]) => cells(name) !== wanted)
  return [
    ...(exitCode === 0 ? [] : [`scale-benchmark ended with ${exitCode}`]),
    ...errors,
    ...rows.map(([name, wanted]) => `${name}: ${cells(name)}, not ${wanted}`),
  ]
}
