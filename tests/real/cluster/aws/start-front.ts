import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { all, one, queryEc2 } from './query-ec2.ts'

/** What an instance was launched from, by the launch template that Karpenter made. */
export interface Launch {
  readonly instanceId: string
  readonly snapshotId: string | undefined
  readonly imageId: string
  readonly launchTemplate: URLSearchParams
}

/** What EC2 answers to a launch. */
export interface Refusal {
  readonly code: string
  readonly message: string
  /** A fleet that could launch nothing is no error of the call: each kind of instance has one of its own. */
  readonly ofFleet?: boolean
}

export interface AwsFront {
  readonly url: string
  /** By the snapshot that a launch is made from. */
  readonly refused: Map<string, Refusal>
  /** Every EC2 request, in the order in which they came. */
  readonly requests: readonly URLSearchParams[]
  /** By instance ID. */
  readonly launches: ReadonlyMap<string, Launch>
  /** Ends an instance as AWS does, when its hardware is lost or spot capacity is taken back. */
  terminate(instanceId: string): Promise<void>
  /** Sets a tag, as the account's owner does. */
  tag(resourceId: string, key: string, value: string): Promise<void>
  stop(): Promise<void>
}

/**
 * A listener before moto that does what moto lacks and Karpenter relies on: instances of a fleet get the security groups of their launch template, and a
 * snapshot that does not exist is refused. All else is passed on.
 * @param hasSnapshot whether a snapshot exists
 */
export async function startFront(port: number, moto: string, hasSnapshot: (id: string) => boolean): Promise<AwsFront> {
  const requests: URLSearchParams[] = []
  const templates = new Map<string, URLSearchParams>()
  const launches = new Map<string, Launch>()
  const refused = new Map<string, Refusal>()

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming)
    const asked = new URLSearchParams(body.toString('utf8'))
    const action = asked.get('Action')
    if (action !== null) requests.push(asked)
    const refusal = action === 'RunInstances' || action === 'CreateFleet' ? refusalOf(asked) : undefined
    if (refusal !== undefined) {
      const { code, ofFleet = false } = refusal
      response.writeHead(ofFleet ? 200 : code.startsWith('Unauthorized') ? 403 : 400, { 'content-type': 'text/xml' })
      response.end(ofFleet ? emptyFleet(asked, refusal) : errorOf(refusal))
      return
    }
    const headers = { ...(incoming.headers as Record<string, string>) }
    for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']) delete headers[name]
    const method = incoming.method ?? 'GET'
    const passed = await fetch(new URL(incoming.url ?? '/', moto), { method, headers, ...(body.length > 0 && { body }) })
    const said = Buffer.from(await passed.arrayBuffer())
    if (passed.ok && action === 'CreateLaunchTemplate') templates.set(one(said.toString(), 'launchTemplateId'), asked)
    if (passed.ok && action === 'CreateFleet') await correctFleet(said.toString())
    response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? 'text/xml' })
    response.end(said)
  }

  /** For the snapshots of a launch, in its own mappings or its template's. */
  function refusalOf(asked: URLSearchParams): Refusal | undefined {
    const named = [...asked].find(([key]) => /LaunchTemplate(Specification)?\.LaunchTemplateName$/.test(key))?.[1]
    const template = [...templates.values()].find((each) => each.get('LaunchTemplateName') === named)
    const wanted = [...asked, ...(template ?? [])].filter(([key]) => key.endsWith('.Ebs.SnapshotId')).map(([, value]) => value)
    const refusals = wanted.map((id): Refusal | undefined => {
      if (refused.has(id)) return refused.get(id)
      return hasSnapshot(id) ? undefined : { code: 'InvalidSnapshot.NotFound', message: `The snapshot '${id}' does not exist.` }
    })
    return refusals.find((each) => each !== undefined)
  }

  async function correctFleet(xml: string): Promise<void> {
    const template = templates.get(one(xml, 'launchTemplateId'))
    if (template === undefined) return
    const values = (pattern: RegExp) => [...template].filter(([key]) => pattern.test(key)).map(([, value]) => value)
    for (const instanceId of all(xml, /<item>(i-[0-9a-f]+)<\/item>/g)) {
      launches.set(instanceId, {
        instanceId,
        snapshotId: values(/\.Ebs\.SnapshotId$/)[0],
        imageId: template.get('LaunchTemplateData.ImageId') ?? '',
        launchTemplate: template,
      })
      const groups = values(/^LaunchTemplateData\.(NetworkInterface\.1\.)?SecurityGroupId\.\d+$/)
      const attributes = Object.fromEntries(groups.map((group, index) => [`GroupId.${index + 1}`, group]))
      if (groups.length > 0) await queryEc2(moto, 'ModifyInstanceAttribute', { InstanceId: instanceId, ...attributes })
    }
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(`The listener before moto: ${String(error)}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    launches,
    refused,
    terminate: async (instanceId) => void (await queryEc2(moto, 'TerminateInstances', { 'InstanceId.1': instanceId })),
    tag: async (resourceId, key, value) =>
      void (await queryEc2(moto, 'CreateTags', { 'ResourceId.1': resourceId, 'Tag.1.Key': key, 'Tag.1.Value': value })),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function errorOf({ code, message }: Refusal): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>front</RequestID></Response>`
}

/** One error for each kind of instance that the fleet was asked for. */
function emptyFleet(asked: URLSearchParams, { code, message }: Refusal): string {
  const overrides = [...asked].flatMap(([key, instanceType]) => {
    if (!/\.Overrides\.\d+\.InstanceType$/.test(key)) return []
    const zone = asked.get(key.replace(/InstanceType$/, 'AvailabilityZone')) ?? ''
    return `<launchTemplateAndOverrides><overrides><instanceType>${instanceType}</instanceType><availabilityZone>${zone}</availabilityZone></overrides></launchTemplateAndOverrides>`
  })
  const said = `<errorCode>${code}</errorCode><errorMessage>${message}</errorMessage><lifecycle>on-demand</lifecycle>`
  const errors = `<errorSet>${overrides.map((override) => `<item>${override}${said}</item>`).join('')}</errorSet>`
  return `<?xml version="1.0" encoding="UTF-8"?><CreateFleetResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>front</requestId><fleetId>fleet-0</fleetId>${errors}<fleetInstanceSet/></CreateFleetResponse>`
}
