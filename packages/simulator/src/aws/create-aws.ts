import type { Service, SimulatedRequest, SimulatedResponse, Simulation } from '../core/serve.ts'
import { authorize, isSigned, type Protocol, requireValidCredentials } from './access.ts'
import { AwsError } from './aws-error.ts'
import { newUuid, type Cloud } from './cloud.ts'
import { answerEc2, ec2Error } from './ec2/answer-ec2.ts'
import { flag, parseForm, text, type QueryParameters } from './ec2/query-parameters.ts'
import { snapshotState } from './ec2/snapshots.ts'
import { disturb, type Disturbance } from './disturb.ts'
import type { HostSandbox, HostSandboxOptions } from './host.ts'
import { closeMachines } from './end-instance.ts'
import { answerKms, answerQuotas } from './account-services.ts'
import { answerSsm, ssmError } from './ssm/answer-ssm.ts'
import { parseJson } from './ssm/json.ts'
import { emptyStore, type Instance, type Snapshot, type Volume } from './store.ts'

export interface AwsOptions {
  /** An existing folder for sandboxes and the data of volumes and snapshots. */
  readonly folder: string
  readonly createSandbox: (options: HostSandboxOptions) => Promise<HostSandbox>
  /** Simulated seconds until what was just created shows in Describe calls (default 1): EC2 is eventually consistent. */
  readonly describeLagSeconds?: number
  /** IAM actions that the caller lacks: `ec2:CreateSnapshot`. */
  readonly denied?: readonly string[]
}

export type SnapshotView = Snapshot & ReturnType<typeof snapshotState>

export interface SimulatedAws {
  readonly service: Service
  /** Every instance that was launched, terminated ones included. */
  instances(): readonly Instance[]
  snapshots(): readonly SnapshotView[]
  volumes(): readonly Volume[]
  /** Makes something happen that no request asked for. */
  disturb(disturbance: Disturbance): Promise<void>
  /** Ends every process that an instance runs. */
  stop(): Promise<void>
}

/** What the targets of the JSON protocols begin with. */
const targets: Readonly<Record<string, Protocol>> = { AmazonSSM: 'ssm', TrentService: 'kms', ServiceQuotasV20190624: 'servicequotas' }

/** Whose request it is: those of the JSON protocols carry a target; all others are taken for EC2's. */
function protocolOf(request: SimulatedRequest): Protocol {
  const target = request.headers['x-amz-target']
  return target === undefined ? 'ec2' : (targets[String(target).split('.')[0] ?? ''] ?? 'ssm')
}

// KMS and Service Quotas speak SSM's protocol.
const errors = { ec2: ec2Error, ssm: ssmError, kms: ssmError, servicequotas: ssmError }
const unsignedJson = new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
const unsigned = {
  ec2: new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401),
  ssm: unsignedJson,
  kms: unsignedJson,
  servicequotas: unsignedJson,
}

/** EC2, SSM, KMS and Service Quotas of one account in one region, all behind one endpoint, as `AWS_ENDPOINT_URL` has it. */
export function createAws(simulation: Simulation, options: AwsOptions): SimulatedAws {
  const cloud: Cloud = {
    clock: simulation.clock,
    random: simulation.random,
    store: emptyStore(),
    access: { denied: new Set(options.denied), credentialsExpired: false },
    machines: new Map(),
    contents: new Map(),
    folder: options.folder,
    describeLagSeconds: options.describeLagSeconds ?? 1,
    createSandbox: options.createSandbox,
    closed: false,
  }
  const error = (protocol: Protocol, status: number, code: string, message: string) =>
    errors[protocol](status, code, message, newUuid(simulation.random))
  return {
    service: {
      name: 'aws',
      operation: (request) => `${operationOf(request, protocolOf(request))}${isDryRun(request) ? ' (dry run)' : ''}`,
      parameters: (request) => journalParameters(request),
      async handle(request) {
        const protocol = protocolOf(request)
        try {
          if (!isSigned(request)) throw unsigned[protocol]
          requireValidCredentials(cloud.access, protocol)
          return await answer(cloud, protocol, request)
        } catch (problem) {
          if (!(problem instanceof AwsError)) throw problem
          return error(protocol, problem.status, problem.code, problem.message)
        }
      },
      error: (status, code, message, request) => error(protocolOf(request), status, code, message),
    },
    instances: () => [...cloud.store.instances.values()],
    snapshots: () =>
      [...cloud.store.snapshots.values()].map((snapshot) => ({ ...snapshot, ...snapshotState(snapshot, cloud.clock.now()) })),
    volumes: () => [...cloud.store.volumes.values()],
    disturb: (disturbance) => disturb(cloud, disturbance),
    stop: () => closeMachines(cloud),
  }
}

function answer(cloud: Cloud, protocol: Protocol, request: SimulatedRequest): Promise<SimulatedResponse> | SimulatedResponse {
  const name = operationOf(request, protocol)
  // EC2 asks for more than one permission, and looks at the resources first.
  if (protocol !== 'ec2') authorize(cloud.access, protocol, [`${protocol}:${name}`])
  if (protocol === 'ssm') return answerSsm(cloud, name, parseJson(request.body.toString()))
  if (protocol === 'kms') return answerKms(name, parseJson(request.body.toString()), newUuid(cloud.random))
  if (protocol === 'servicequotas') return answerQuotas(name, parseJson(request.body.toString()), newUuid(cloud.random))
  const { Action: _, Version: __, ...parameters } = parseForm(request.body.toString())
  return answerEc2(cloud, name, parameters)
}

function operationOf(request: SimulatedRequest, protocol: Protocol): string {
  if (protocol !== 'ec2') return String(request.headers['x-amz-target']).replace(/^\w+\./, '')
  return text(parseForm(request.body.toString()), 'Action') ?? 'unknown'
}

/** The journal tells these from requests that change something. */
const isDryRun = (request: SimulatedRequest) => protocolOf(request) === 'ec2' && flag(parseForm(request.body.toString()), 'DryRun') === true

/** The parsed parameters. Credentials are in the headers, which the journal does not hold. */
function journalParameters(request: SimulatedRequest): unknown {
  if (protocolOf(request) === 'ec2') {
    const { Action: _, Version: __, ...parameters }: QueryParameters = parseForm(request.body.toString())
    return parameters
  }
  try {
    return parseJson(request.body.toString())
  } catch {
    return {}
  }
}
