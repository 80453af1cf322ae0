import { randomUUID } from 'node:crypto'
import type { Service, SimulatedRequest, SimulatedResponse } from '../core/serve.ts'

const contentType = { 'content-type': 'text/xml' }

/** CloudFormation of an account without any stack, by its query protocol (CloudFormation API reference, "Common errors"). */
function answerCloudFormation(form: URLSearchParams): SimulatedResponse {
  const name = form.get('StackName')
  const [code, message] =
    form.get('Action') === 'DescribeStacks' && name !== null
      ? ['ValidationError', `Stack with id ${name} does not exist`]
      : ['InvalidAction', `Could not find operation ${form.get('Action')}`]
  return errorResponse(400, code, message)
}

function errorResponse(status: number, code: string, message: string): SimulatedResponse {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`
  const xmlns = 'http://cloudformation.amazonaws.com/doc/2010-05-15/'
  return {
    status,
    headers: contentType,
    body: `<ErrorResponse xmlns="${xmlns}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  }
}

/** Both behind one endpoint: a request belongs to the service that its signature names. */
export function besideCloudFormation(aws: Service): Service {
  const isOurs = ({ headers }: Pick<SimulatedRequest, 'headers'>) => /\/cloudformation\/aws4_request/.test(headers.authorization ?? '')
  const formOf = ({ body }: SimulatedRequest) => new URLSearchParams(body.toString())
  return {
    name: aws.name,
    operation: (request) => (isOurs(request) ? (formOf(request).get('Action') ?? 'unknown') : aws.operation(request)),
    parameters: (request) => (isOurs(request) ? Object.fromEntries(formOf(request)) : aws.parameters?.(request)),
    handle: (request) => (isOurs(request) ? answerCloudFormation(formOf(request)) : aws.handle(request)),
    error: (status, code, message, request) =>
      isOurs(request) ? errorResponse(status, code, message) : aws.error(status, code, message, request),
  }
}
