import { diagnoseStartup, type DiagnosePorts } from '@prebake/diagnose'
import { InputError } from '@prebake/kernel'
import { nodeClassKind, nodePoolKind, pausedBy, titleOf } from '@prebake/manifests'
import type { Cluster } from '@prebake/rollout'
import type { DoctorFinding, Examined } from './finding.ts'

export interface ClusterSubject {
  readonly deployment: string
  readonly namespace: string
}

/** Karpenter and its NodePools, and why pods of the Deployment do not start or start slowly. */
export async function examineCluster(
  subject: ClusterSubject,
  { cluster, ...account }: DiagnosePorts & { readonly cluster: Cluster },
  signal: AbortSignal,
): Promise<Examined> {
  if ((await cluster.discover(nodeClassKind.apiVersion, nodeClassKind.kind, signal)) === undefined) {
    const remedy = 'Install it as https://karpenter.sh/docs/getting-started says, or make a cluster with `make setup-infra`.'
    return {
      findings: [{ code: 'karpenter-missing', severity: 'error', cause: 'The cluster has no Karpenter.', remedy, evidence: [] }],
      notChecked: [],
    }
  }
  const paused = await findPaused(cluster, signal)
  try {
    const { findings, unread } = await diagnoseStartup(subject, { cluster, ...account }, signal)
    const found = findings.map(({ rule, symptom, cause, remedy, evidence, check }): DoctorFinding => ({
      code: rule,
      severity: symptom === 'slow' ? 'warning' : 'error',
      cause,
      remedy,
      evidence: evidence.map(({ object, text }) => `${object}: ${text}`),
      check,
    }))
    return { findings: [...paused, ...found], notChecked: unread }
  } catch (error) {
    // A cluster on which nothing serves yet is no fault of it.
    if (!(error instanceof InputError)) throw error
    return { findings: paused, notChecked: error.problems.map(({ wrong, remedy }) => `Pods: ${wrong} ${remedy}`) }
  }
}

/** NodePools that a rollout has paused and not gone on with: none of their drifted nodes is replaced. */
async function findPaused(cluster: Cluster, signal: AbortSignal): Promise<readonly DoctorFinding[]> {
  const pools = await cluster.list(nodePoolKind, signal)
  return pools.flatMap((pool): DoctorFinding[] => {
    const run = pool.metadata.annotations?.[pausedBy]
    if (run === undefined) return []
    return [
      {
        code: 'nodepool-paused',
        severity: 'error',
        cause: `${titleOf(pool)} is paused by the rollout ${run}: Karpenter replaces none of its drifted nodes.`,
        remedy: 'If that rollout is not under way, run `make optimize-vllm` or the rollout workflow again: it ends what was left.',
        evidence: [`${titleOf(pool)}: annotation ${pausedBy}=${run}`],
        check: `kubectl get nodepool ${pool.metadata.name} -o yaml`,
      },
    ]
  })
}
