import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import type { Command } from '../store.ts'
import { epochSeconds, requiredString, strings, type JsonObject } from './json.ts'
import { end, stoppedExitCode } from './run-command.ts'

/** What GetCommandInvocation gives of an output, in characters (SSM API reference). */
const outputLimit = 24_000
const errorLimit = 8_000

/**
 * How one command does on its instance. Output is empty until it has ended.
 * @throws AwsError InvocationDoesNotExist, also for a little while after SendCommand; InvalidCommandId.
 */
export function getCommandInvocation(cloud: Cloud, input: JsonObject): JsonObject {
  const commandId = requiredString(input, 'CommandId')
  const instanceId = requiredString(input, 'InstanceId')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(commandId)) throw new AwsError('InvalidCommandId', '')
  const command = cloud.store.commands.get(commandId)
  if (command === undefined || command.instanceId !== instanceId || cloud.clock.now() < command.visibleAt) {
    throw new AwsError('InvocationDoesNotExist', '')
  }
  const { startedAt, endedAt } = command
  const elapsed = startedAt && endedAt ? (endedAt.getTime() - startedAt.getTime()) / 1000 : undefined
  return {
    CommandId: commandId,
    InstanceId: instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: '$DEFAULT',
    PluginName: 'aws:runShellScript',
    ResponseCode: command.exitCode,
    ExecutionStartDateTime: startedAt?.toISOString() ?? '',
    ExecutionElapsedTime: elapsed === undefined ? '' : `PT${elapsed}S`,
    ExecutionEndDateTime: endedAt?.toISOString() ?? '',
    Status: command.status,
    StatusDetails: command.statusDetails,
    StandardOutputContent: endedAt ? command.stdout.slice(0, outputLimit) : '',
    StandardOutputUrl: '',
    StandardErrorContent: endedAt ? command.stderr.slice(0, errorLimit) : '',
    StandardErrorUrl: '',
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  }
}

export function listCommandInvocations(cloud: Cloud, input: JsonObject): JsonObject {
  const now = cloud.clock.now()
  const commands = [...cloud.store.commands.values()].filter(
    (command) =>
      command.visibleAt <= now &&
      (input['CommandId'] === undefined || input['CommandId'] === command.commandId) &&
      (input['InstanceId'] === undefined || input['InstanceId'] === command.instanceId),
  )
  return {
    CommandInvocations: commands.map((command) => ({
      CommandId: command.commandId,
      InstanceId: command.instanceId,
      Comment: command.comment,
      DocumentName: command.documentName,
      RequestedDateTime: epochSeconds(command.requestedAt),
      Status: command.status,
      StatusDetails: command.statusDetails,
      CommandPlugins: [],
    })),
  }
}

/** Takes effect where the command has not ended; the shell itself goes on in the sandbox until it ends by itself, unheard. */
export function cancelCommand(cloud: Cloud, input: JsonObject): JsonObject {
  const command = cloud.store.commands.get(requiredString(input, 'CommandId'))
  const instanceIds = strings(input['InstanceIds'])
  if (command === undefined) throw new AwsError('InvalidCommandId', '')
  if (instanceIds.length > 0 && !instanceIds.includes(command.instanceId)) throw new AwsError('InvalidInstanceId', '')
  if (command.endedAt === undefined) end(cloud, command, 'Cancelled', 'Cancelled', stoppedExitCode)
  return {}
}

/** A command as SendCommand shows it. */
export function presentCommand(command: Command): JsonObject {
  const lifetime = (command.deliveryTimeout + command.executionTimeout) * 1000
  return {
    CommandId: command.commandId,
    DocumentName: command.documentName,
    DocumentVersion: '$DEFAULT',
    Comment: command.comment,
    ExpiresAfter: epochSeconds(new Date(command.requestedAt.getTime() + lifetime)),
    Parameters: command.parameters,
    InstanceIds: [command.instanceId],
    Targets: [],
    RequestedDateTime: epochSeconds(command.requestedAt),
    Status: command.status,
    StatusDetails: command.statusDetails,
    TimeoutSeconds: command.deliveryTimeout,
    MaxConcurrency: '50',
    MaxErrors: '0',
    TargetCount: 1,
    CompletedCount: 0,
    ErrorCount: 0,
  }
}
