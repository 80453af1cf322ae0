import { applyErrors } from '../../actions/apply-manifests/src/error-codes.ts'
import { approvalErrors } from '../../actions/approve-benchmark/src/error-codes.ts'
import { buildErrors } from '../../actions/build-snapshot/src/error-codes.ts'
import { diagnosisErrors } from '../../actions/diagnose-startup/src/error-codes.ts'
import { planErrors } from '../../actions/plan-startup/src/error-codes.ts'
import { pruneInputErrors } from '../../actions/prune-snapshots/src/error-codes.ts'
import { publishErrors } from '../../actions/publish-snapshot/src/error-codes.ts'
import { actionErrors } from '../../packages/action-kit/src/index.ts'
import { awsErrors } from '../../packages/aws/src/index.ts'
import { diagnoseErrors } from '../../packages/diagnose/src/index.ts'
import { httpErrors } from '../../packages/http/src/index.ts'
import { hubErrors } from '../../packages/huggingface/src/index.ts'
import { clusterErrors } from '../../packages/kubernetes/src/index.ts'
import { manifestErrors } from '../../packages/manifests/src/index.ts'
import { pruneErrors } from '../../packages/prune/src/index.ts'
import { registryErrors } from '../../packages/registry/src/index.ts'
import { adoptErrors, controlErrors } from '../../packages/preflight/src/index.ts'
import { rolloutErrors } from '../../packages/rollout/src/index.ts'
import { snapshotErrors } from '../../packages/snapshot/src/index.ts'
import { benchmarkErrors } from '../../packages/startup/src/index.ts'
import { terminalErrors } from '../../terminal/src/error-codes.ts'

/** Every code by what it is about. */
export const errorCodes: readonly { readonly title: string; readonly folder: string; readonly codes: Readonly<Record<string, string>> }[] =
  [
    { title: 'Inputs, GitHub and the runner', folder: 'packages/action-kit', codes: actionErrors },
    { title: 'Inputs and state of apply-manifests', folder: 'actions/apply-manifests', codes: applyErrors },
    { title: 'Manifests', folder: 'packages/manifests', codes: manifestErrors },
    { title: 'Rollout', folder: 'packages/rollout', codes: rolloutErrors },
    { title: 'Manifests that do not use a snapshot', folder: 'packages/preflight', codes: adoptErrors },
    { title: 'A control without the snapshot', folder: 'packages/preflight', codes: controlErrors },
    { title: 'Inputs of build-snapshot', folder: 'actions/build-snapshot', codes: buildErrors },
    { title: 'Snapshots', folder: 'packages/snapshot', codes: snapshotErrors },
    { title: 'Inputs and files of publish-snapshot', folder: 'actions/publish-snapshot', codes: publishErrors },
    { title: 'Verdict of diagnose-startup', folder: 'actions/diagnose-startup', codes: diagnosisErrors },
    { title: 'Diagnosis', folder: 'packages/diagnose', codes: diagnoseErrors },
    { title: 'Inputs of plan-startup', folder: 'actions/plan-startup', codes: planErrors },
    { title: 'Inputs and files of prune-snapshots', folder: 'actions/prune-snapshots', codes: pruneInputErrors },
    { title: 'Pruning', folder: 'packages/prune', codes: pruneErrors },
    { title: 'Approval of a benchmark', folder: 'actions/approve-benchmark', codes: approvalErrors },
    { title: 'Benchmark', folder: 'packages/startup', codes: benchmarkErrors },
    { title: 'Model hub', folder: 'packages/huggingface', codes: hubErrors },
    { title: 'Container registries', folder: 'packages/registry', codes: registryErrors },
    { title: 'AWS', folder: 'packages/aws', codes: awsErrors },
    { title: 'Cluster and kubeconfig', folder: 'packages/kubernetes', codes: clusterErrors },
    { title: 'Programs for a terminal', folder: 'terminal', codes: terminalErrors },
    { title: 'Network', folder: 'packages/http', codes: httpErrors },
  ]

/** The error codes as Markdown. */
export function errorTables(): string {
  return errorCodes
    .map(({ title, codes }) => {
      const rows = Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
      return [`## ${title}`, '', '| code | meaning |', '|---|---|', ...rows].join('\n')
    })
    .join('\n\n')
}
