import { PrebakeError } from '@prebake/kernel'

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

interface Circumstances {
  readonly address: string
  /** Whether the limit of the request ran out. */
  readonly timedOut: boolean
  readonly stage: Stage
  readonly limitMs: number
}

const privateEndpoint =
  'A private endpoint cannot be reached from a hosted runner: use a runner inside the VPC, or open the public endpoint to this one.'
const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_|EPROTO)/

/** Node's error of a request, told as "Connect to <address>: …" with what to do. */
export function connectionError(error: unknown, { address, timedOut, stage, limitMs }: Circumstances): ConnectionError {
  const told = (words: string, hint: string, passing: boolean) =>
    new ConnectionError(`Connect to ${address}: ${words}.`, { hint, cause: error, passing })

  const seconds = `${limitMs / 1000} s`
  if (timedOut && stage === 'credentials') {
    return told(
      `the kubeconfig gave no credentials within ${seconds}`,
      'See that its command for a token works on this machine, and asks nothing.',
      false,
    )
  }
  if (timedOut && stage === 'connecting') return told(`no connection within ${seconds}`, privateEndpoint, false)
  if (timedOut)
    return told(
      `no answer within ${seconds}`,
      'The API server is slow or a proxy holds the connection: run again, or look at its health.',
      true,
    )
  const { code = '', message } = innermost(error)
  if (code === 'ENOTFOUND')
    return told('its name is not known', 'Check the server in the kubeconfig; a private zone is known only inside its VPC.', false)
  if (code === 'ECONNREFUSED') {
    return told(
      'the connection was refused',
      `Check the server and port in the kubeconfig, and that the cluster runs. ${privateEndpoint}`,
      true,
    )
  }
  if (['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return told(`no way to it (${code})`, privateEndpoint, false)
  if (code.startsWith('ERR_INVALID_CHAR') || code === 'ERR_HTTP_INVALID_HEADER_VALUE') {
    return told('its token has characters that no token has', 'Write the kubeconfig again, with the token on one line.', false)
  }
  if (certificateCodes.test(code)) {
    const hint =
      'Take the kubeconfig of this very cluster: its certificate-authority-data must be the one that signed the server, and the server its own name.'
    return told(`the TLS connection failed: ${message} (${code})`, hint, false)
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
