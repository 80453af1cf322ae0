import { dirname } from 'node:path'
import type { Certificates, KeyPair } from './write-certificates.ts'

/** How each part is started: everything on 127.0.0.1, nothing elected, nothing synced to disk. */

export function etcd(folder: string): readonly string[] {
  const [client, peer] = ['http://127.0.0.1:2379', 'http://127.0.0.1:2380']
  return [
    `--data-dir=${folder}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ]
}

/** Where the API server writes who asked for what, by a policy (audit.k8s.io/v1). */
export interface Audit {
  readonly policy: string
  readonly log: string
}

/**
 * @param kubeletClient as whom it asks kubelets for logs, commands and ports
 * @param authenticator a kubeconfig of who knows the tokens that are not in the file
 */
export function apiServer(
  keys: Certificates,
  tokens: string,
  kubeletClient: KeyPair,
  { audit, authenticator }: { readonly audit?: Audit; readonly authenticator?: string } = {},
): readonly string[] {
  return [
    '--etcd-servers=http://127.0.0.1:2379',
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--secure-port=6443',
    '--endpoint-reconciler-type=none',
    // Where a node's kubelet is asked for logs: names of nodes lead nowhere.
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-client-certificate=${kubeletClient.certificate}`,
    `--kubelet-client-key=${kubeletClient.key}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    `--token-auth-file=${tokens}`,
    `--client-ca-file=${keys.authority}`,
    `--tls-cert-file=${keys.server.certificate}`,
    `--tls-private-key-file=${keys.server.key}`,
    `--cert-dir=${dirname(keys.authority)}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${keys.serviceAccounts.certificate}`,
    `--service-account-signing-key-file=${keys.serviceAccounts.key}`,
    ...(authenticator === undefined ? [] : [`--authentication-token-webhook-config-file=${authenticator}`]),
    ...(audit === undefined ? [] : [`--audit-policy-file=${audit.policy}`, `--audit-log-path=${audit.log}`]),
  ]
}

export function controllerManager(kubeconfig: string, keys: Certificates): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    '--leader-elect=false',
    // With an account for each controller, the default ServiceAccount comes 5 s later, and pods are refused before. Without, it needs every right.
    '--use-service-account-credentials=false',
    '--authentication-skip-lookup=true',
    `--service-account-private-key-file=${keys.serviceAccounts.key}`,
    `--root-ca-file=${keys.authority}`,
  ]
}

export function scheduler(kubeconfig: string): readonly string[] {
  return [`--kubeconfig=${kubeconfig}`, '--bind-address=127.0.0.1', '--leader-elect=false', '--authentication-skip-lookup=true']
}

/** The port on which kwok answers as every node's kubelet. */
export const kubeletPort = 10247

export function kwok(kubeconfig: string, config: string, { server }: Certificates): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--config=${config}`,
    '--manage-all-nodes=false',
    '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
    '--node-ip=127.0.0.1',
    '--node-lease-duration-seconds=40',
    `--server-address=127.0.0.1:${kubeletPort}`,
    // The API server talks to kubelets by TLS only.
    `--tls-cert-file=${server.certificate}`,
    `--tls-private-key-file=${server.key}`,
  ]
}

/** Karpenter is configured only by its environment. */
export function karpenter(place: {
  admin: string
  aws: string
  region: string
  clusterName: string
  server: string
}): Record<string, string> {
  return {
    KUBECONFIG: place.admin,
    AWS_ENDPOINT_URL: place.aws,
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_EC2_METADATA_DISABLED: 'true',
    CLUSTER_NAME: place.clusterName,
    CLUSTER_ENDPOINT: place.server,
    // Prices come from its own list, not from AWS.
    ISOLATED_VPC: 'true',
    DISABLE_LEADER_ELECTION: 'true',
    BATCH_IDLE_DURATION: '1s',
    SYSTEM_NAMESPACE: 'kube-system',
    KARPENTER_SERVICE: 'karpenter',
  }
}
