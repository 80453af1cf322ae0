import { timedRequest } from '@prebake/kernel'
import { NodeHttpHandler } from '@smithy/node-http-handler'

type Handle = NodeHttpHandler['handle']

/** Node's handler; reports each attempt of each client to the debug log. */
export class ReportedHandler extends NodeHttpHandler {
  override handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const { method, hostname, port } = request
    const sent = { method, host: port ? `${hostname}:${port}` : hostname, operation: operationOf(request) }
    return timedRequest(
      sent,
      () => super.handle(request, options),
      ({ response }) => response.statusCode,
    )
  }
}

/** As AWS's protocols name the operation: JSON in a header, query (EC2, STS) in the body, REST (EKS) by its path. */
function operationOf({ headers, body, path }: Parameters<Handle>[0]): string {
  const target = headers['x-amz-target']
  if (target !== undefined) return target.slice(target.indexOf('.') + 1)
  return (typeof body === 'string' ? /(?:^|&)Action=(\w+)/.exec(body)?.[1] : undefined) ?? path
}
