import { randomUUID } from 'node:crypto'

/** Runs one shell line on an instance. */
export type RunLine = (instanceId: string, line: string) => Promise<{ readonly exitCode: number; readonly output: string }>

/** What SSM answers: a status and JSON. */
export interface JsonAnswer {
  readonly status: number
  readonly content: object
}

interface Invocation {
  readonly instanceId: string
  ended: { readonly exitCode: number; readonly output: string } | undefined
}

interface Input {
  readonly InstanceIds?: readonly string[]
  readonly Parameters?: { readonly commands?: readonly string[] }
  readonly InstanceId?: string
  readonly CommandId?: string
  readonly Filters?: readonly { readonly Values?: readonly string[] }[]
}

/**
 * The three operations of SSM that moto lacks, or answers without running anything (API reference: SendCommand, GetCommandInvocation,
 * DescribeInstanceInformation). @param running the instances whose agent is there
 */
export function answerCommands(run: RunLine, running: () => readonly string[]) {
  const invocations = new Map<string, Invocation>()
  const operations: Readonly<Record<string, (input: Input) => JsonAnswer>> = {
    DescribeInstanceInformation({ Filters = [] }) {
      const wanted = running().filter((id) => Filters.every(({ Values = [] }) => Values.includes(id)))
      return { status: 200, content: { InstanceInformationList: wanted.map((InstanceId) => ({ InstanceId, PingStatus: 'Online' })) } }
    },
    SendCommand({ InstanceIds: [instanceId = ''] = [], Parameters }) {
      if (!running().includes(instanceId)) return { status: 400, content: { __type: 'InvalidInstanceId' } }
      const CommandId = randomUUID()
      const invocation: Invocation = { instanceId, ended: undefined }
      invocations.set(CommandId, invocation)
      void run(instanceId, Parameters?.commands?.join('\n') ?? '').then((ended) => (invocation.ended = ended))
      return { status: 200, content: { Command: { CommandId, InstanceIds: [instanceId], Status: 'Pending' } } }
    },
    GetCommandInvocation({ CommandId = '', InstanceId }) {
      const invocation = invocations.get(CommandId)
      if (invocation === undefined || invocation.instanceId !== InstanceId)
        return { status: 400, content: { __type: 'InvocationDoesNotExist' } }
      const { ended } = invocation
      const Status = ended === undefined ? 'InProgress' : ended.exitCode === 0 ? 'Success' : 'Failed'
      // Without an end there is no output (facts B1).
      const content = {
        CommandId,
        InstanceId,
        Status,
        StatusDetails: Status,
        ResponseCode: ended?.exitCode ?? -1,
        StandardOutputContent: ended?.output.slice(0, 24_000) ?? '',
        StandardErrorContent: '',
      }
      return { status: 200, content }
    },
  }
  return (operation: string, body: string): JsonAnswer | undefined =>
    Object.hasOwn(operations, operation) ? operations[operation]?.(JSON.parse(body) as Input) : undefined
}
