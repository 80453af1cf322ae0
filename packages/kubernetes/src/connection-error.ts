import { PrebakeError } from '@prebake/kernel'
import { connectivityHint, type NetworkPath } from './connectivity-hint.ts'
import type { ClusterErrorCode } from './error-codes.ts'

/** The server was not reached, or the connection broke. Transient, except what a person must fix: a certificate, a token, a proxy's refusal. */
export class ConnectionError extends PrebakeError {}

/** How far a request got. */
export type Stage = 'credentials' | 'connecting' | 'connected'

interface Circumstances extends NetworkPath {
  readonly address: string
  /** Whether the request reached its time limit. */
  readonly timedOut: boolean
  readonly stage: Stage
  readonly limitMs: number
}

const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_|EPROTO)/

/** Node's error of a request as "Connect to <address>: …", with what to do. */
export function connectionError(error: unknown, { address, timedOut, stage, limitMs, ...path }: Circumstances): ConnectionError {
  const failed = (code: ClusterErrorCode, reason: string, hint: string, transient: boolean) =>
    new ConnectionError(`Connect to ${address}: ${reason}.`, { code, hint, cause: error, transient })

  const unreached = (reason: string, also = '') => {
    const { seen, hint } = connectivityHint(path)
    return failed('cluster-not-reached', reason + seen, also + hint, true)
  }

  const ofKubeconfig = (advice: string) => (path.endpoint ? '' : advice)
  const seconds = `${limitMs / 1000} s`
  if (timedOut && stage === 'credentials') {
    return failed(
      'cluster-credentials-failed',
      `${path.endpoint ? 'AWS' : 'the kubeconfig'} returned no credentials within ${seconds}`,
      'Make sure that its source of credentials works on this machine without asking for input.',
      true,
    )
  }
  if (timedOut && stage === 'connecting') return unreached(`no connection within ${seconds}`)
  if (timedOut) {
    const hint = 'The API server is slow, or a proxy keeps the connection open without a response. Check its health, then re-run the job.'
    return failed('cluster-not-responding', `no response within ${seconds}`, hint, true)
  }
  const { code = '', message } = innermost(error)
  const refusedByProxy = /^Failed to establish tunnel to .*: HTTP\/[\d.]+ (\d{3}.*)$|^Bad response: (\d{3})/.exec(message)
  if (refusedByProxy) {
    const answer = (refusedByProxy[1] ?? refusedByProxy[2] ?? '').trim()
    const hint = 'Allow this host and port in the proxy (407: give name and password), or add the host to NO_PROXY.'
    return failed('cluster-proxy-refused', `the proxy refused to connect: ${answer}`, hint, /^(429|5\d\d)/.test(answer))
  }
  if (code === 'ENOTFOUND')
    return unreached(
      'DNS lookup failed (ENOTFOUND)',
      `${ofKubeconfig('Check the server in the kubeconfig. ')}A private hosted zone resolves only inside its VPC. `,
    )
  if (code === 'ECONNREFUSED') {
    return unreached('the connection was refused', ofKubeconfig('Check the server and port in the kubeconfig, and that the cluster runs. '))
  }
  if (['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return unreached(`host unreachable (${code})`)
  if (code.startsWith('ERR_INVALID_CHAR') || code === 'ERR_HTTP_INVALID_HEADER_VALUE') {
    return failed(
      'cluster-token-malformed',
      'the token contains invalid characters',
      'Write the kubeconfig again, with the token on one line.',
      false,
    )
  }
  if (certificateCodes.test(code)) {
    const hint = path.endpoint
      ? 'Something between this runner and EKS presents its own certificate: exclude this host from TLS inspection.'
      : "Use this cluster's own kubeconfig: its certificate-authority-data must have signed the server's certificate, for the server's name."
    // Without Node's advice about its own flags.
    const reason = `the TLS connection failed: ${message.replace(/; if the root CA is installed locally.*$/, '')} (${code})`
    return failed('cluster-certificate-untrusted', reason, hint, false)
  }
  return failed(
    'cluster-not-responding',
    `the connection broke: ${message}`,
    'Re-run the job; if it fails again, check the network between runner and cluster.',
    true,
  )
}

/** Node tries each address of a host, and wraps the errors. */
function innermost(error: unknown): { readonly code?: string; readonly message: string } {
  const thrown = error as {
    readonly code?: string
    readonly message?: string
    readonly errors?: readonly { code?: string; message: string }[]
  }
  return thrown.errors?.[0] ?? { ...(thrown.code !== undefined && { code: thrown.code }), message: thrown.message ?? String(error) }
}
