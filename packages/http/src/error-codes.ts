/** Codes of failed requests, and what each means; docs/errors.md lists them. */
export const httpErrors = {
  'connection-failed': 'There was no response: the connection was refused, broken or too slow.',
  'host-unknown': 'DNS lookup of a host failed.',
  'certificate-untrusted': 'The certificate of a host is not trusted, has expired or is for another host.',
  'tls-failed': 'The TLS handshake failed; perhaps the port does not speak https.',
  'proxy-address-malformed': '`HTTPS_PROXY` is not the address of an HTTP proxy.',
  'proxy-refused': 'The proxy refused the connection or its login.',
  'address-refused': 'The address of a request is unencrypted, link-local, or contains a name or password.',
  'redirect-refused': 'A redirect leads to an address that must not be followed.',
  'redirects-too-many': 'A host redirected more than ten times.',
  'response-not-json': 'A host sent something other than JSON, such as a login page.',
  'response-too-large': 'A response is larger than its limit.',
  'service-unavailable': 'A host answered every attempt with a server error.',
  'rate-limited': 'A host answered every attempt with HTTP 429.',
} as const

export type HttpErrorCode = keyof typeof httpErrors
