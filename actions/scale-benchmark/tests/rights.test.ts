import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { startScene } from './scene.ts'

/** A cluster whose role lacks the right to this, and a benchmark in place. Each waits for simulated time, so they run beside each other. */
async function benchmarkWithout(operation: string, inputs: Readonly<Record<string, string>> = {}) {
  const message = `User "deployer" cannot do it`
  const effect = { kind: 'error', status: 403, code: 'Forbidden', message } as const
  const scene = await startScene({ rate: 60, faults: [{ server: 'kubernetes', operation, times: Infinity, effect }] })
  try {
    const { main: applied } = await scene.run('apply-manifests', { manifests: 'deploy/vllm/baseline', variables: scene.variables })
    if (applied.exitCode !== 0) throw new Error(applied.lines.join('\n'))
    const given = { candidate: 'in-place', comment: 'false', to: '2', ...inputs }
    const { main, post } = await scene.run('scale-benchmark', given)
    const cleaned = await post?.()
    const report = main.outputs['report'] === undefined ? undefined : readFileSync(main.outputs['report'], 'utf8')
    return { main, cleaned, text: main.lines.join('\n'), report, replicas: scene.replicas() }
  } finally {
    await scene.stop()
  }
}

test.concurrent('without the right to scale: one error, and nothing is changed', async () => {
  const { main, cleaned, text, replicas } = await benchmarkWithout('patch Scale')
  expect(main.exitCode).toBe(1)
  expect(text).toContain('cluster-permission-missing')
  expect(replicas).toBe(1)
  expect(cleaned?.exitCode).toBe(0)
})

test.concurrent.each([
  ['logs', 'log Pod', /Read the log of vllm-/],
  ['events', 'list Event', /Watch Event objects: .* Those phases will show as unattributed/],
  ['port-forwards', 'portforward Pod', /"notMeasured": "[^"]*Forbidden/],
  ['autoscalers', 'list HorizontalPodAutoscaler', /sets the replicas of vllm was not checked/],
])('without the right to read %s: what is lost is said, and the rest is measured', async (_title, operation, words) => {
  const { main, text, report } = await benchmarkWithout(operation)
  expect(main.exitCode).toBe(0)
  expect(main.outputs['all-ready-seconds']).toMatch(/^\d/)
  // Of the first token, each pod in the report says it.
  expect(`${text}\n${report}`).toMatch(words)
})
