import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { checkToken } from '@prebake/simulator/eks'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Who a token of EKS belongs to, once its access entry has a Kubernetes group. */
export interface EksIdentity {
  readonly username: string
  readonly groups: readonly string[]
}

/**
 * What aws-iam-authenticator is to EKS: a webhook that checks a presigned GetCallerIdentity (authentication.k8s.io/v1, TokenReview).
 * Every valid token of the keys is of the one identity.
 */
export async function serveAuthenticator(clusterName: string, region: string, keys: Keys, identity: EksIdentity) {
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((body) => {
      const { apiVersion, kind, spec } = JSON.parse(body) as { apiVersion: string; kind: string; spec: { token: string } }
      const wrong = checkToken(spec.token, { clusterName, region, now: new Date(), ...keys })
      const status = wrong === undefined ? { authenticated: true, user: identity } : { authenticated: false, error: wrong }
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ apiVersion, kind, status }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}
