import { timings } from '../../timings.ts'
import { AwsError } from '../aws-error.ts'
import { jittered, newUuid, type Cloud } from '../cloud.ts'
import type { Command } from '../store.ts'
import { requiredString, strings, type JsonObject } from './json.ts'
import { runCommand } from './run-command.ts'

const knownParameters = ['commands', 'workingDirectory', 'executionTimeout']

/**
 * Sends one command to one instance.
 * @throws AwsError InvalidDocument, InvalidInstanceId, InvalidParameters, MaxDocumentSizeExceeded, ValidationException.
 */
export function sendCommand(cloud: Cloud, input: JsonObject): JsonObject {
  const documentName = requiredString(input, 'DocumentName')
  if (documentName !== 'AWS-RunShellScript') throw new AwsError('InvalidDocument', `Document with name ${documentName} does not exist.`)
  const comment = typeof input['Comment'] === 'string' ? input['Comment'] : ''
  if (comment.length > 100) throw invalid('comment', comment, 'have length less than or equal to 100')
  const deliveryTimeout = typeof input['TimeoutSeconds'] === 'number' ? input['TimeoutSeconds'] : 3600
  if (deliveryTimeout < 30) throw invalid('timeoutSeconds', String(deliveryTimeout), 'have value greater than or equal to 30')
  const parameters = readParameters(input['Parameters'])
  const [instanceId, ...more] = strings(input['InstanceIds'])
  if (instanceId === undefined || more.length > 0) {
    throw new AwsError('ValidationException', 'The simulator sends a command to one instance: InstanceIds must hold one ID.')
  }
  if (!cloud.machines.get(instanceId)?.agentOnline) {
    throw new AwsError('InvalidInstanceId', `Instances [[${instanceId}]] not in a valid state for account 123456789012`)
  }
  const command: Command = {
    commandId: newUuid(cloud.random),
    instanceId,
    documentName,
    comment,
    parameters,
    requestedAt: cloud.clock.now(),
    visibleAt: new Date(cloud.clock.now().getTime() + jittered(cloud, timings.invocationUnknown) * 1000),
    deliveryTimeout,
    executionTimeout: Number(parameters['executionTimeout']?.[0] ?? 3600),
    status: 'Pending',
    statusDetails: 'Pending',
    exitCode: -1,
    stdout: '',
    stderr: '',
    startedAt: undefined,
    endedAt: undefined,
  }
  cloud.store.commands.set(command.commandId, command)
  runCommand(cloud, command)
  const { commandId: CommandId, status: Status, statusDetails: StatusDetails } = command
  return { Command: { CommandId, DocumentName: documentName, Comment: comment, InstanceIds: [instanceId], Status, StatusDetails } }
}

function readParameters(value: unknown): Readonly<Record<string, readonly string[]>> {
  const given = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const unknown = given.find(([name]) => !knownParameters.includes(name))
  if (unknown) throw new AwsError('InvalidParameters', `Document AWS-RunShellScript does not have parameter ${unknown[0]}.`)
  const parameters = Object.fromEntries(given.map(([name, values]) => [name, strings(values)]))
  if ((parameters['commands']?.length ?? 0) === 0) throw new AwsError('InvalidParameters', 'Parameter commands is required.')
  // The documented limit of a document with its parameters; the exact limit for parameters alone is not documented.
  if (Buffer.byteLength(JSON.stringify(parameters)) > 64 * 1024) throw new AwsError('MaxDocumentSizeExceeded', '')
  const timeout = parameters['executionTimeout']?.[0]
  if (timeout !== undefined && !(/^\d{1,6}$/.test(timeout) && Number(timeout) >= 1 && Number(timeout) <= 172_800)) {
    throw new AwsError('InvalidParameters', `Parameter "executionTimeout" value "${timeout}" does not match the allowed pattern.`)
  }
  return parameters
}

const invalid = (member: string, value: string, constraint: string) =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  )
