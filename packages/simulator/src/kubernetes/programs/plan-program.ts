import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import type { Container, Pod } from '../objects.ts'
import { parseQuantity } from '../quantity.ts'
import { serveArguments } from '../vllm/serve-arguments.ts'
import { planVllm } from './plan-vllm.ts'
import { outOfMemory, type Program } from './program.ts'

/**
 * What the container runs, by its command line: vLLM; `python3 -m http.server --bind ADDRESS PORT`, which finds `/` and writes nothing here;
 * `tail /dev/zero`, which takes all memory that it may have. Anything else serves at once, whatever it is asked.
 */
export function planProgram(cluster: Cluster, pod: Pod, container: Container): Program {
  const startedAt = cluster.agenda.now()
  const after = (timing: Parameters<typeof delayOf>[1]) => startedAt + delayOf(cluster, timing, pod.metadata.name) * 1000
  const limit = container.resources?.limits?.['memory']
  const memory = limit === undefined ? Infinity : parseQuantity(limit)
  const vllm = serveArguments(pod.spec, container)
  if (vllm !== undefined) return planVllm(cluster, pod, container, { vllm, memory })
  const words = [...(container.command ?? []), ...(container.args ?? [])].join(' ')
  const [, port] = /^python3 -m http\.server --bind \S+ (\d+)$/.exec(words) ?? []
  if (port !== undefined) {
    const status = (path: string) => (path === '/' ? 200 : 404)
    // Without a handler of its own a container's first process hears no SIGTERM.
    return { lines: [], server: { servingAt: after('fileServer'), port: Number(port), status } }
  }
  if (words === 'tail /dev/zero' && memory !== Infinity) return { lines: [], end: { at: after('memoryTaken'), ...outOfMemory } }
  return { lines: [], server: { servingAt: startedAt, status: () => 200 }, hearsTermFrom: startedAt }
}
