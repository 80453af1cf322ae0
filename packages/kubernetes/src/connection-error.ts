import { PrebakeError } from '@prebake/kernel'
import { connectivityHint, type NetworkPath } from './connectivity-hint.ts'

/** The server was not reached, or the connection broke. What only a person can fix (a certificate, a token, a proxy's refusal) is not transient. */
export class ConnectionError extends PrebakeError {}

/** How far a request came. */
export type Stage = 'credentials' | 'connecting' | 'connected'

interface Circumstances extends NetworkPath {
  readonly address: string
  /** Whether the limit of the request ran out. */
  readonly timedOut: boolean
  readonly stage: Stage
  readonly limitMs: number
}

const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_|EPROTO)/

/** Node's error of a request as "Connect to <address>: …", with what to do. */
export function connectionError(error: unknown, { address, timedOut, stage, limitMs, ...way }: Circumstances): ConnectionError {
  const failed = (words: string, hint: string, transient: boolean) =>
    new ConnectionError(`Connect to ${address}: ${words}.`, { hint, cause: error, transient })

  const unreached = (words: string, also = '') => {
    const { seen, hint } = connectivityHint(way)
    return failed(words + seen, also + hint, true)
  }

  const ofKubeconfig = (words: string) => (way.endpoint ? '' : words)
  const seconds = `${limitMs / 1000} s`
  if (timedOut && stage === 'credentials') {
    return failed(
      `${way.endpoint ? 'AWS' : 'the kubeconfig'} gave no credentials within ${seconds}`,
      'Make sure that its source of credentials works on this machine without asking for input.',
      true,
    )
  }
  if (timedOut && stage === 'connecting') return unreached(`no connection within ${seconds}`)
  if (timedOut) {
    const hint = 'The API server is slow, or a proxy keeps the connection open without an answer: re-run the job, or check its health.'
    return failed(`no answer within ${seconds}`, hint, true)
  }
  const { code = '', message } = innermost(error)
  const refusedByProxy = /^Failed to establish tunnel to .*: HTTP\/[\d.]+ (\d{3}.*)$|^Bad response: (\d{3})/.exec(message)
  if (refusedByProxy) {
    const answer = (refusedByProxy[1] ?? refusedByProxy[2] ?? '').trim()
    const hint = 'Allow this host and port in the proxy (407: give it name and password), or add the host to NO_PROXY.'
    return failed(`the proxy refused to connect: ${answer}`, hint, /^(429|5\d\d)/.test(answer))
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
    return failed('the token contains invalid characters', 'Write the kubeconfig again, with the token on one line.', false)
  }
  if (certificateCodes.test(code)) {
    const hint = way.endpoint
      ? 'Something between this runner and EKS answers with its own certificate: exclude this host from TLS inspection.'
      : "Use this cluster's own kubeconfig: its certificate-authority-data must have signed the server's certificate, for the server's name."
    // Node adds advice about its own flags.
    return failed(`the TLS connection failed: ${message.replace(/; if the root CA is installed locally.*$/, '')} (${code})`, hint, false)
  }
  return failed(
    `the connection broke: ${message}`,
    'Re-run the job; if it fails again, check the network between runner and cluster.',
    true,
  )
}

/** Node tries each address of a name, and wraps the errors. */
function innermost(error: unknown): { readonly code?: string; readonly message: string } {
  const thrown = error as {
    readonly code?: string
    readonly message?: string
    readonly errors?: readonly { code?: string; message: string }[]
  }
  return thrown.errors?.[0] ?? { ...(thrown.code !== undefined && { code: thrown.code }), message: thrown.message ?? String(error) }
}
