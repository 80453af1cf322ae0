import { randomUUID } from 'node:crypto'
import type { Service, SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import { accountId, callerArn } from './account.ts'

const contentType = { 'content-type': 'text/xml' }

/**
 * Services of AWS's query protocol beside EC2, with the one question of each that a client here asks: who am I (STS), which identity providers has the
 * account (IAM: none), what is this stack (CloudFormation: there is none). API references of the three.
 */
function answerQuery(service: string, form: URLSearchParams): SimulatedResponse {
  const action = form.get('Action') ?? ''
  if (service === 'sts' && action === 'GetCallerIdentity')
    return result(action, `<Arn>${callerArn}</Arn><UserId>AROASIMULATED:simulation</UserId><Account>${accountId}</Account>`)
  if (service === 'iam' && action === 'ListOpenIDConnectProviders') return result(action, '<OpenIDConnectProviderList/>')
  if (service === 'cloudformation' && action === 'DescribeStacks' && form.has('StackName'))
    return failure(400, 'ValidationError', `Stack with id ${form.get('StackName')} does not exist`)
  return failure(400, 'InvalidAction', `Could not find operation ${action}`)
}

function result(action: string, content: string): SimulatedResponse {
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`
  const body = `<${action}Response><${action}Result>${content}</${action}Result>${metadata}</${action}Response>`
  return { status: 200, headers: contentType, body }
}

function failure(status: number, code: string, message: string): SimulatedResponse {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`
  return { status, headers: contentType, body: `<ErrorResponse>${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>` }
}

/** Both behind one endpoint: a request belongs to the service that its signature names. */
export function besideQueryServices(aws: Service): Service {
  const serviceOf = ({ headers }: Pick<SimulatedRequest, 'headers'>) =>
    /\/(sts|iam|cloudformation)\/aws4_request/.exec(headers.authorization ?? '')?.[1]
  const formOf = ({ body }: SimulatedRequest) => new URLSearchParams(body.toString())
  return {
    name: aws.name,
    operation: (request) => (serviceOf(request) === undefined ? aws.operation(request) : (formOf(request).get('Action') ?? 'unknown')),
    parameters: (request) => (serviceOf(request) === undefined ? aws.parameters?.(request) : Object.fromEntries(formOf(request))),
    handle(request) {
      const service = serviceOf(request)
      return service === undefined ? aws.handle(request) : answerQuery(service, formOf(request))
    },
    error: (status, code, message, request) =>
      serviceOf(request) === undefined ? aws.error(status, code, message, request) : failure(status, code, message),
  }
}
