import type { Proxy } from './proxy-environment.ts'

/** Why there was no response. */
export interface NetworkFailure {
  readonly code: 'NoAnswer' | 'UnknownHost' | 'ProxyRefused' | 'UntrustedCertificate' | 'TlsFailed'
  /** Completes "no answer from <host>: …". */
  readonly words: string
  readonly hint: string
  readonly transient: boolean
}

const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_)/
const tlsCodes = /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/

/** Explains Node's error, and says what to check. */
export function networkFailure(error: unknown, { host }: Pick<URL, 'host'>, proxy: Proxy | undefined): NetworkFailure {
  const { code = '', message, statusCode } = innermost(error)
  if (code === 'ERR_PROXY_TUNNEL') return proxyFailure(host, statusCode, proxy)
  if (certificateCodes.test(code)) {
    // Node adds advice that does not fit here.
    const words = `the TLS connection failed: ${message.replace(/; if the root CA is installed locally.*$/, '')} (${code})`
    const hint = `Where ${host}, a proxy or a firewall has a certificate of its own CA, set NODE_EXTRA_CA_CERTS to a file with that CA.`
    return { code: 'UntrustedCertificate', words, hint, transient: false }
  }
  if (tlsCodes.test(code)) {
    const hint = `Check that ${host} speaks https on this port.`
    return { code: 'TlsFailed', words: `the TLS connection failed (${code})`, hint, transient: false }
  }
  const way = proxy
    ? `${proxy.variable} is set (${proxy.address}): check that the proxy answers and lets ${host} through, or name the host in NO_PROXY.`
    : `Check that the runner can reach ${host}; where only a proxy leads there, set HTTPS_PROXY.`
  if (code === 'ENOTFOUND') return { code: 'UnknownHost', words: `a host name is not known (${message})`, hint: way, transient: false }
  return { code: 'NoAnswer', words: message, hint: `${way} Then run again.`, transient: true }
}

function proxyFailure(host: string, status: number | undefined, proxy: Proxy | undefined): NetworkFailure {
  const name = `the proxy${proxy ? ` ${proxy.address} (${proxy.variable})` : ''}`
  if (status === undefined) {
    return { code: 'NoAnswer', words: `${name} ended the connection`, hint: `Check that the proxy lets ${host} through.`, transient: true }
  }
  if (status === 407) {
    const hint = `Check the name and password in ${proxy?.variable ?? 'HTTPS_PROXY'}: \`http://name:password@host:port\`, special characters percent-encoded (\`@\` as \`%40\`).`
    return { code: 'ProxyRefused', words: `${name} does not accept the name and password (407)`, hint, transient: false }
  }
  const hint = `Let the proxy pass ${host}, or name the host in NO_PROXY.`
  return { code: 'ProxyRefused', words: `${name} refused to connect (${status})`, hint, transient: status === 429 || status >= 500 }
}

interface NetworkError {
  readonly code?: string
  readonly message: string
  /** What a proxy answered to CONNECT. */
  readonly statusCode?: number
}

/** `fetch` wraps Node's error, and Node wraps one for each address of a name. */
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
