import { PrebakeError } from '@prebake/kernel'
import { reachHint, type Way } from './reach-hint.ts'

/** The server was not reached, or the connection broke. */
export class ConnectionError extends PrebakeError {
  /** Whether another try can help. */
  readonly passing: boolean

  constructor(message: string, options: { hint: string; cause: unknown; passing: boolean }) {
    super(message, options)
    this.passing = options.passing
  }
}

/** How far a request came. */
export type Stage = 'credentials' | 'connecting' | 'connected'

interface Circumstances extends Way {
  readonly address: string
  /** Whether the limit of the request ran out. */
  readonly timedOut: boolean
  readonly stage: Stage
  readonly limitMs: number
}

const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_|EPROTO)/

/** Node's error of a request, told as "Connect to <address>: …" with what to do. */
export function connectionError(error: unknown, { address, timedOut, stage, limitMs, ...way }: Circumstances): ConnectionError {
  const told = (words: string, hint: string, passing: boolean) =>
    new ConnectionError(`Connect to ${address}: ${words}.`, { hint, cause: error, passing })

  const unreached = (words: string, passing: boolean, also = '') => {
    const { seen, hint } = reachHint(way)
    return told(words + seen, also + hint, passing)
  }

  const ofKubeconfig = (words: string) => (way.endpoint ? '' : words)
  const seconds = `${limitMs / 1000} s`
  if (timedOut && stage === 'credentials') {
    return told(
      `${way.endpoint ? 'AWS' : 'the kubeconfig'} gave no credentials within ${seconds}`,
      'See that its source of credentials works on this machine, and asks nothing.',
      false,
    )
  }
  if (timedOut && stage === 'connecting') return unreached(`no connection within ${seconds}`, false)
  if (timedOut)
    return told(
      `no answer within ${seconds}`,
      'The API server is slow or a proxy holds the connection: run again, or look at its health.',
      true,
    )
  const { code = '', message } = innermost(error)
  const refusedByProxy = /^Failed to establish tunnel to .*: HTTP\/[\d.]+ (\d{3}.*)$|^Bad response: (\d{3})/.exec(message)
  if (refusedByProxy) {
    const hint = 'Let the proxy pass this host and port (407: give it name and password), or name the host in NO_PROXY.'
    return told(`the proxy refused to connect: ${(refusedByProxy[1] ?? refusedByProxy[2] ?? '').trim()}`, hint, false)
  }
  if (code === 'ENOTFOUND')
    return unreached(
      'its name is not known',
      false,
      `${ofKubeconfig('Check the server in the kubeconfig. ')}A private zone is known only inside its VPC. `,
    )
  if (code === 'ECONNREFUSED') {
    return unreached(
      'the connection was refused',
      true,
      ofKubeconfig('Check the server and port in the kubeconfig, and that the cluster runs. '),
    )
  }
  if (['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return unreached(`no way to it (${code})`, false)
  if (code.startsWith('ERR_INVALID_CHAR') || code === 'ERR_HTTP_INVALID_HEADER_VALUE') {
    return told('its token has characters that no token has', 'Write the kubeconfig again, with the token on one line.', false)
  }
  if (certificateCodes.test(code)) {
    const hint = way.endpoint
      ? 'Something between this runner and EKS answers with a certificate of its own: a proxy that opens TLS must let this host pass.'
      : 'Take the kubeconfig of this very cluster: its certificate-authority-data must be the one that signed the server, and the server its own name.'
    // Node adds advice for whoever starts it.
    return told(`the TLS connection failed: ${message.replace(/; if the root CA is installed locally.*$/, '')} (${code})`, hint, false)
  }
  return told(`the connection broke: ${message}`, 'Run again; if it stays so, look at the way between runner and cluster.', true)
}

/** Node tries each address of a name and wraps what came of it. */
function innermost(error: unknown): { readonly code?: string; readonly message: string } {
  const thrown = error as {
    readonly code?: string
    readonly message?: string
    readonly errors?: readonly { code?: string; message: string }[]
  }
  return thrown.errors?.[0] ?? { ...(thrown.code !== undefined && { code: thrown.code }), message: thrown.message ?? String(error) }
}
