import type { Trouble } from '@prebake/kernel'
import { setTimeout as sleep } from 'node:timers/promises'
import { diagnoseStartup, troubleExplainer, type DiagnosePorts, type Finding } from '../../../../packages/diagnose/src/index.ts'
import { connectCluster } from '../../../../packages/kubernetes/src/index.ts'
import type { BakeRecord } from '../../../../packages/snapshot-record/src/index.ts'
import { goodSnapshot } from '../../../../packages/preflight/tests/good-subject.ts'
import { region } from '../../moto/start-moto.ts'
import type { World } from '../world/start-world.ts'
import { isSteady, judgeLooks, type Look } from './judge-looks.ts'

/** What is on record of the snapshot, as far as it matters here. */
export type Baked = Pick<BakeRecord, 'modelPath' | 'images'>

/** How the product explained a fault. */
export interface Explanation {
  /** Of the last look, the surest first. */
  readonly findings: readonly Finding[]
  readonly looks: readonly Look[]
  /** What apply-manifests adds to its error when these pods do not start. */
  readonly trouble: Trouble | undefined
  /** Empty: it named the wanted cause, stayed with it, and was never certain of another. */
  readonly problems: readonly string[]
}

/**
 * Asks for a Deployment's diagnosis until the wanted cause is certain and stays the first, for ten minutes at the most. diagnose-startup and apply-manifests ask
 * the same diagnosis; apply-manifests gives it as a code and lines of its own, which are asked once, at the end.
 */
export async function findCause(world: World, name: string, wanted: string, baked: Baked): Promise<Explanation> {
  const begin = Date.now()
  const looks: Look[] = []
  for (;;) {
    const ports = await openPorts(world, baked)
    const request = { namespace: 'default', deployment: name }
    const { findings } = await diagnoseStartup(request, ports, AbortSignal.timeout(60_000))
    looks.push({ seconds: (Date.now() - begin) / 1000, first: findings[0] })
    if (isSteady(looks, wanted) || Date.now() - begin > 600_000) {
      const { trouble, problems } = await askAsRollout(name, wanted, ports)
      return { findings, looks, trouble, problems: [...judgeLooks(looks, wanted), ...problems] }
    }
    await sleep(1000)
  }
}

/** As Markdown: each first finding on the way, the last findings, and apply-manifests' own words. */
export function describeExplanation({ findings, looks, trouble, problems }: Explanation): string {
  const way = looks.filter(({ first }, index) => first?.rule !== looks[index - 1]?.first?.rule || index === 0)
  return [
    ...problems.map((problem) => `**${problem}**\n`),
    ...way.map(({ seconds, first }) => `- ${Math.round(seconds)} s: ${first ? `\`${first.rule}\` (${first.certainty})` : 'nothing'}`),
    ...findings.map(({ rule, cause, evidence }) => `- \`${rule}\`: ${cause}\n  ${evidence[0]?.text ?? ''}`),
    `\n\`\`\`\n${trouble?.lines.join('\n') ?? ''}\n\`\`\``,
  ].join('\n')
}

async function askAsRollout(name: string, wanted: string, ports: DiagnosePorts): Promise<Pick<Explanation, 'trouble' | 'problems'>> {
  const problems: string[] = []
  const explain = troubleExplainer(async () => ports, { warning: (message) => problems.push(message) })
  const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name }
  const trouble = await explain(workload, '', AbortSignal.timeout(120_000))
  if (trouble?.code !== wanted) problems.push(`apply-manifests names ${trouble?.code ?? 'no cause'}`)
  return { trouble, problems }
}

async function openPorts({ plane }: World, baked: Baked): Promise<DiagnosePorts> {
  const { cluster } = await connectCluster({ kubeconfig: plane.kubeconfig })
  const describe = async (snapshotId: string) => ({
    ...goodSnapshot,
    snapshotId,
    region,
    volumeSizeGiB: 40,
    baked: baked as BakeRecord,
  })
  return { cluster, snapshots: { region, describe } }
}
