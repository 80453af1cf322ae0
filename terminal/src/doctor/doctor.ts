import { connectAws, connectInfra } from '@prebake/aws'
import { InputError, type Clock } from '@prebake/kernel'
import { openCluster } from '@prebake/kubernetes/access'
import { findKubeconfig } from '../discover/find-kubeconfig.ts'
import { openMemory } from '../memory/memory-file.ts'
import { readSnapshotId } from '../optimize/read-snapshot-id.ts'
import { examineAccount } from './examine-account.ts'
import { examineCluster, type ClusterSubject } from './examine-cluster.ts'
import { nothing, together, type Examined } from './finding.ts'
import { orFindings } from './from-error.ts'

export interface DoctorRequest extends ClusterSubject {
  readonly kubeconfig: string | undefined
  readonly region: string | undefined
  readonly folder: string
}

export interface DoctorReport extends Examined {
  readonly schema: 1
  /** ISO 8601. */
  readonly at: string
  /** Address of the API server, and its version. */
  readonly cluster: { readonly address: string; readonly version: string } | undefined
  readonly account: { readonly accountId: string; readonly arn: string; readonly region: string } | undefined
}

/** Examines the reader's own cluster and account, and changes nothing. What cannot be reached is a finding; the other half is examined all the same. */
export async function examine(
  request: DoctorRequest,
  { env, clock, signal }: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<DoctorReport> {
  let account: DoctorReport['account']
  let cluster: DoctorReport['cluster']
  let aws: Awaited<ReturnType<typeof connectAws>> | undefined

  const ofAccount = await orFindings(async () => {
    const region = request.region ?? regionOf(request, env)
    const [opened, infra] = await Promise.all([connectAws({ region, env }), connectInfra({ region, env })])
    const { accountId, arn } = await infra.identity(signal)
    account = { accountId, arn, region: opened.region }
    aws = opened
    return examineAccount(opened, { snapshotId: readSnapshotId(request.folder), now: clock.now() }, signal)
  })
  const ofCluster = await orFindings(async () => {
    const { path } = findKubeconfig(request.kubeconfig, env)
    const connection = await openCluster({ kubeconfig: path }, { env, clock }, signal)
    cluster = { address: connection.address, version: await connection.cluster.version(signal) }
    const { snapshotFacts: snapshots, quotas, instanceTypes, machineImages } = aws ?? {}
    return examineCluster(request, { cluster: connection.cluster, snapshots, quotas, instanceTypes, machineImages }, signal)
  })
  const parts = [ofAccount, ofCluster, examineMemory(request.folder)]
  return { schema: 1, at: clock.now().toISOString(), cluster, account, ...together(parts) }
}

/** The kubeconfig may say it; what is wrong with it is said where the cluster is opened. */
function regionOf({ kubeconfig }: DoctorRequest, env: NodeJS.ProcessEnv): string {
  if (env['AWS_REGION'] || env['AWS_DEFAULT_REGION']) return ''
  try {
    return findKubeconfig(kubeconfig, env).region ?? ''
  } catch (error) {
    if (error instanceof InputError) return ''
    throw error
  }
}

/** What a run of this folder has left that was killed. */
function examineMemory(folder: string): Examined {
  const { pid } = openMemory(folder).open(['pid']).read()
  if (pid === undefined) return nothing
  const cause = `.prebake.json says that the process ${pid} has begun a run and not ended it.`
  const remedy = 'If it is not at work any more, run the same command again: it first ends what was left.'
  return { findings: [{ code: 'run-left-open', severity: 'warning', cause, remedy, evidence: [] }], notChecked: [] }
}
