import type { BenchmarkReport } from './benchmark.ts'

/**
 * A benchmark's JSON in pieces, a pod each: as one text, that of thousands of pods would take as much memory as all the rest. Joined, it is what
 * `JSON.stringify` makes of it with an indentation of two.
 */
export function* jsonPieces({ runs, ...benchmark }: BenchmarkReport): Generator<string> {
  const head = JSON.stringify({ ...benchmark, runs: [] }, undefined, 2)
  yield head.slice(0, head.lastIndexOf('[]'))
  yield '['
  for (const [index, { pods, ...run }] of runs.entries()) {
    const text = indented(JSON.stringify({ ...run, pods: [] }, undefined, 2), 4)
    yield `${index === 0 ? '' : ','}\n    ${text.slice(0, text.lastIndexOf('[]'))}[`
    for (const [at, pod] of pods.entries()) yield `${at === 0 ? '' : ','}\n        ${indented(JSON.stringify(pod, undefined, 2), 8)}`
    yield pods.length > 0 ? '\n      ]\n    }' : ']\n    }'
  }
  yield '\n  ]\n}\n'
}

const indented = (text: string, spaces: number): string => text.replaceAll('\n', `\n${' '.repeat(spaces)}`)
