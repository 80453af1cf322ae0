/** Started by ../watch.ts in a network of its own. */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildParts } from '../../tests/real/cluster/build-parts.ts'
import { createWideNode, deployOnWideNode } from '../../tests/real/cluster/scenes/wide-node.ts'
import { median } from '../median.ts'
import { openSite } from '../rollout/open-site.ts'

const replicas = 500
const rounds = 3

await using site = await openSite({ withKarpenter: false })
const { api } = site.plane
await createWideNode(api)
await deployOnWideNode(api)
const kubeconfig = join(site.task.folder, 'config.json')
writeFileSync(kubeconfig, site.task.kubeconfig)

const watchers = {
  'scale-benchmark': spawnQuietly(process.execPath, [join(import.meta.dirname, 'watch-pods.ts'), kubeconfig]),
  'kubectl get pods -w': spawnQuietly(buildParts().program('kubectl'), ['get', 'pods', '-w', '-l', 'app=vllm', '--kubeconfig', kubeconfig]),
}
await sleep(5000)
const used = Object.entries(watchers).map(([name, { pid = 0 }]) => ({ name, pid, seconds: [] as number[] }))
for (let round = 0; round < rounds; round++) {
  const before = used.map(({ pid }) => processorSeconds(pid))
  await scale(replicas)
  await scale(1)
  // What comes last is still to be read.
  await sleep(2000)
  used.forEach(({ pid, seconds }, index) => seconds.push(processorSeconds(pid) - (before[index] ?? 0)))
}
for (const { name, seconds } of used)
  console.log(`  ${name}: ${median(seconds).toFixed(2)} s of the processor (${seconds.map((each) => each.toFixed(2)).join(', ')})`)
const [ours = NaN, theirs = NaN] = used.map(({ seconds }) => median(seconds))
console.log(
  `watching 1 → ${replicas} → 1 pods: ${(ours / theirs).toFixed(2)} of kubectl's processor time (at most 1.5; ${rounds} rounds, both at once)`,
)
for (const child of Object.values(watchers)) child.kill()

function spawnQuietly(program: string, args: readonly string[]) {
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { HOME: site.task.folder } })
}

async function scale(wanted: number): Promise<void> {
  const path = '/apis/apps/v1/namespaces/default/deployments/vllm'
  await api.patch(path, { spec: { replicas: wanted } })
  for (;;) {
    const { status } = (await api.get<{ readonly status: { readonly replicas?: number; readonly readyReplicas?: number } }>(path)) ?? {
      status: {},
    }
    if (status.replicas === wanted && status.readyReplicas === wanted) return
    await sleep(200)
  }
}

/** What a process has used in user and kernel mode (proc(5), `stat`: fields 14 and 15, in hundredths of a second). */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
