import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLine } from '@prebake/startup'

const real = join(import.meta.dirname, '../../packages/startup/tests/vllm-log/real/serve-no-cache.log')

/** What a server writes while it serves, whose log is read to its end: requests by uvicorn, and its own figures. */
const traffic = [
  '(APIServer pid=1) INFO:     10.0.3.17:51234 - "POST /v1/completions HTTP/1.1" 200 OK',
  '(APIServer pid=1) INFO:     10.0.3.17:51236 - "GET /health HTTP/1.1" 200 OK',
  '(APIServer pid=1) INFO 11-29 06:30:04 [loggers.py:127] Engine 000: Avg prompt throughput: 123.4 tokens/s, Avg generation throughput: 87.6 tokens/s, Running: 12 reqs, Waiting: 0 reqs, GPU KV cache usage: 4.2%, Prefix cache hit rate: 31.0%',
]
/** A container that crashes is started again: so often does a start stand in the log. */
const startEvery = 50_000

/** A log of so many bytes: real starts of vLLM, and what it writes between them. */
export function logLines(bytes: number): readonly LogLine[] {
  const start = readFileSync(real, 'utf8').split('\n')
  const lines: LogLine[] = []
  const firstMs = Date.UTC(2026, 0, 1, 12)
  for (let size = 0, index = 0; size < bytes; index++) {
    const text = start[index % startEvery] ?? traffic[index % traffic.length] ?? ''
    lines.push({ time: new Date(firstMs + index).toISOString().replace('Z', '000000Z'), text })
    // The runtime's stamp belongs to the line, as the API gives it.
    size += text.length + 32
  }
  return lines
}
