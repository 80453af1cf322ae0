import type { HttpErrorCode } from './error-codes.ts'
import type { Proxy } from './proxy-environment.ts'

/** Why there was no response. */
export interface NetworkFailure {
  readonly code: 'NoAnswer' | 'UnknownHost' | 'ProxyRefused' | 'UntrustedCertificate' | 'TlsFailed'
  readonly errorCode: HttpErrorCode
  /** Completes "no answer from <host>: …". */
  readonly reason: string
  readonly hint: string
  readonly transient: boolean
}

const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_)/
const tlsCodes = /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/

/** Explains Node's error and says what to check. */
export function networkFailure(error: unknown, { host }: Pick<URL, 'host'>, proxy: Proxy | undefined): NetworkFailure {
  const { code = '', message, statusCode } = innermost(error)
  if (code === 'ERR_PROXY_TUNNEL') return proxyFailure(host, statusCode, proxy)
  if (certificateCodes.test(code)) {
    // Without the advice that Node adds, which does not apply here.
    const reason = `the TLS connection failed: ${message.replace(/; if the root CA is installed locally.*$/, '')} (${code})`
    const hint = `If ${host}, a proxy or a firewall uses a private CA, set NODE_EXTRA_CA_CERTS to a file with the certificate of that CA.`
    return { code: 'UntrustedCertificate', errorCode: 'certificate-untrusted', reason, hint, transient: false }
  }
  if (tlsCodes.test(code)) {
    const hint = `Check that ${host} speaks https on this port.`
    return { code: 'TlsFailed', errorCode: 'tls-failed', reason: `the TLS connection failed (${code})`, hint, transient: false }
  }
  const advice = proxy
    ? `${proxy.variable} is set (${proxy.address}): check that the proxy responds and allows ${host}, or add the host to NO_PROXY.`
    : `Check that the runner can reach ${host}; if it needs a proxy, set HTTPS_PROXY.`
  if (code === 'ENOTFOUND') {
    return { code: 'UnknownHost', errorCode: 'host-unknown', reason: `DNS lookup failed (${message})`, hint: advice, transient: false }
  }
  return { code: 'NoAnswer', errorCode: 'connection-failed', reason: message, hint: `${advice} Then run again.`, transient: true }
}

function proxyFailure(host: string, status: number | undefined, proxy: Proxy | undefined): NetworkFailure {
  const name = `the proxy${proxy ? ` ${proxy.address} (${proxy.variable})` : ''}`
  if (status === undefined) {
    const hint = `Check that the proxy allows ${host}.`
    return { code: 'NoAnswer', errorCode: 'connection-failed', reason: `${name} closed the connection`, hint, transient: true }
  }
  if (status === 407) {
    const hint = `Check the name and password in ${proxy?.variable ?? 'HTTPS_PROXY'}: \`http://name:password@host:port\`, special characters percent-encoded (\`@\` as \`%40\`).`
    const reason = `${name} does not accept the name and password (407)`
    return { code: 'ProxyRefused', errorCode: 'proxy-refused', reason, hint, transient: false }
  }
  const hint = `Allow ${host} in the proxy, or add the host to NO_PROXY.`
  const transient = status === 429 || status >= 500
  return { code: 'ProxyRefused', errorCode: 'proxy-refused', reason: `${name} refused to connect (${status})`, hint, transient }
}

interface NetworkError {
  readonly code?: string
  readonly message: string
  /** The proxy's HTTP status for CONNECT. */
  readonly statusCode?: number
}

/** `fetch` wraps Node's error, and Node wraps one error per address of a host. */
function innermost(error: unknown): NetworkError {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) inner = inner.errors[0]
  if (!(inner instanceof Error)) return { message: String(inner) }
  return Object.assign({ message: inner.message || inner.name }, pick(inner as Error & NetworkError))
}

function pick({ code, statusCode }: NetworkError) {
  return { ...(code !== undefined && { code }), ...(statusCode !== undefined && { statusCode }) }
}
