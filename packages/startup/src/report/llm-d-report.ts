import { createHash } from 'node:crypto'
import { firstTokenSeconds } from '../compare/headline.ts'
import { mean, nearestRank, spread, variance } from '../compare/sample.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { runsOf, type BenchmarkReport } from './benchmark.ts'

/**
 * The candidate's starts in the report format of llm-d-benchmark, version 0.2 (llmdbenchmark/analysis/benchmark_report/schema_v0_2.py): one stack, its
 * pods' startup times, and their health. Its format has no place for phases; they stay in the own report.
 * @param description of what was measured, for people
 */
export function llmDReport(benchmark: BenchmarkReport, description: string): object {
  const runs = runsOf(benchmark, 'candidate')
  const { environment } = runs[0]!
  const pods = runs.flatMap((run) => run.pods)
  const tokens = pods.map(firstTokenSeconds).filter((seconds) => seconds !== undefined)
  const label = environment.deployment
  const ended = pods.map(readyMs).filter((ms) => ms !== undefined)
  return {
    version: '0.2',
    run: {
      uid: digest(benchmark.createdAt, pods.map(({ pod }) => pod).join()),
      eid: digest(benchmark.createdAt),
      time: {
        start: runs[0]!.scaledAt,
        ...(ended.length > 0 && { end: new Date(Math.max(...ended)).toISOString() }),
      },
      description,
      keywords: ['startup', 'scale-up', ...(benchmark.simulated ? ['simulated'] : [])],
    },
    scenario: {
      stack: [
        {
          metadata: { schema_version: '0.0.1', label, cfg_id: digest(JSON.stringify(environment)) },
          // The kind inference_engine wants accelerators and parallelism, which a start does not tell.
          standardized: { kind: 'generic', tool: 'vllm', tool_version: environment.image },
          native: { config: environment },
        },
      ],
    },
    results: {
      observability: {
        pod_startup_times: {
          collected_at: benchmark.createdAt,
          pods: pods.map((pod) => podStartup(pod, environment.model)),
          ...statistics('aggregate', pods.flatMap(({ startupSeconds }) => startupSeconds ?? [])), // prettier-ignore
        },
        // Its schema allows further fields here.
        ...statistics('scale_request_to_first_token', tokens),
      },
      component_health: [
        {
          component_label: label,
          failed_replicas: pods.filter(({ ready }) => !ready).length,
          replica_health: pods.map(({ pod, ready }) => ({ replica_id: pod, healthy: ready })),
        },
      ],
    },
  }
}

function podStartup(pod: Timeline, model: string | undefined) {
  const ready = readyMs(pod)
  const { startupSeconds } = pod
  return {
    name: pod.pod,
    ...(model !== undefined && { model }),
    ...(pod.node !== undefined && { node: pod.node }),
    ...(ready !== undefined &&
      startupSeconds !== undefined && { creation_timestamp: new Date(ready - startupSeconds * 1000).toISOString() }),
    ...(ready !== undefined && { ready_timestamp: new Date(ready).toISOString() }),
    ...(startupSeconds !== undefined && { startup_seconds: startupSeconds }),
  }
}

function readyMs({ ready, startedAt, wallSeconds }: Timeline): number | undefined {
  return ready ? Date.parse(startedAt) + wallSeconds * 1000 : undefined
}

function statistics<Name extends string>(name: Name, values: readonly number[]) {
  if (values.length === 0) return {}
  const sorted = values.toSorted((a, b) => a - b)
  const summary = {
    units: 's',
    mean: mean(sorted),
    stddev: Math.sqrt(variance(spread(sorted))),
    min: sorted[0],
    p50: nearestRank(sorted, 0.5),
    p90: nearestRank(sorted, 0.9),
    p99: nearestRank(sorted, 0.99),
    max: sorted.at(-1),
  }
  return { [name]: summary }
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)
}
