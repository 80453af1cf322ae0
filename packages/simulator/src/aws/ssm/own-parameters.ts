import { accountId, region } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import type { Parameter } from '../store.ts'
import { epochSeconds, requiredString, type JsonObject } from './json.ts'

/** @throws AwsError ParameterAlreadyExists without `Overwrite`. */
export function putParameter(cloud: Cloud, input: JsonObject): JsonObject {
  const name = requiredString(input, 'Name')
  const before = cloud.store.parameters.get(name)
  if (before !== undefined && input['Overwrite'] !== true) {
    throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option to true.')
  }
  const parameter: Parameter = {
    name,
    type: typeof input['Type'] === 'string' ? input['Type'] : (before?.type ?? 'String'),
    value: requiredString(input, 'Value'),
    version: (before?.version ?? 0) + 1,
    modified: cloud.clock.now(),
  }
  cloud.store.parameters.set(name, parameter)
  return { Version: parameter.version, Tier: 'Standard' }
}

const most = 10

/**
 * The account's parameters below a path, at most ten a page (Systems Manager API reference, "GetParametersByPath"). `/` has all of them below it, also those
 * whose names begin without a slash. A SecureString stays encrypted unless asked otherwise.
 */
export function getParametersByPath(cloud: Cloud, input: JsonObject): JsonObject {
  const path = requiredString(input, 'Path')
  const size = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : most
  if (size < 1 || size > most) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${most}`,
    )
  }
  const folder = path === '/' ? '' : `${path.replace(/\/$/, '')}/`
  const found = [...cloud.store.parameters.values()]
    .filter(({ name }) => name.startsWith(folder))
    .filter(({ name }) => input['Recursive'] === true || !name.slice(folder.length).replace(/^\//, '').includes('/'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const start = Number(input['NextToken'] ?? 0)
  const end = start + size
  return {
    Parameters: found.slice(start, end).map((parameter) => present(parameter, input['WithDecryption'] === true)),
    ...(end < found.length && { NextToken: String(end) }),
  }
}

function present({ name, type, value, version, modified }: Parameter, decrypted: boolean): JsonObject {
  return {
    Name: name,
    Type: type,
    Value: type === 'SecureString' && !decrypted ? Buffer.from(value).toString('base64') : value,
    Version: version,
    LastModifiedDate: epochSeconds(modified),
    ARN: `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`,
    DataType: 'text',
  }
}
