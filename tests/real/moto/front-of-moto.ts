import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { answerCommands } from './answer-commands.ts'
import type { Machines } from './machines.ts'

export interface FrontOfMoto {
  readonly url: string
  /** The operation of every request, in order. */
  readonly operations: readonly string[]
  stop(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Answers what moto has nothing of; undefined for any other request. */
export type AnswerFirst = (incoming: IncomingMessage) => { readonly status: number; readonly body: string } | undefined

/** Passes every request on to moto as it is, but for the commands, which run on machines; and tells the machines what moto has made of instances. */
export async function startFrontOfMoto(moto: string, machines: Machines, answerFirst: AnswerFirst = () => undefined): Promise<FrontOfMoto> {
  const operations: string[] = []
  const answerCommand = answerCommands(machines.run, machines.running)

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const first = answerFirst(incoming)
    if (first !== undefined) {
      outgoing.writeHead(first.status, { 'content-type': 'application/json' }).end(first.body)
      return
    }
    const body = await buffer(incoming)
    const target = String(incoming.headers['x-amz-target'] ?? '')
    const form = new URLSearchParams(target === '' ? body.toString('utf8') : '')
    const operation = target === '' ? (form.get('Action') ?? '') : target.replace(/^.*\./, '')
    operations.push(form.get('DryRun') === 'true' ? `${operation} (dry run)` : operation)
    const answered = target.startsWith('AmazonSSM.') ? answerCommand(operation, body.toString('utf8')) : undefined
    if (answered !== undefined) {
      outgoing.writeHead(answered.status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answered.content))
      return
    }
    const { status, headers, body: content } = await passOn(moto, incoming, body)
    if (status === 200) await machines.follow(operation, form, content.toString('utf8'))
    outgoing.writeHead(status, headers).end(content)
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => {
      console.error(error)
      outgoing.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** With node:http, since fetch would not send the headers as they are. */
function passOn(moto: string, { method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = request(new URL(url, moto), { method, headers }, (reply) => {
      buffer(reply).then((content) => resolve({ status: reply.statusCode ?? 502, headers: reply.headers, body: content }), reject)
    })
    onward.once('error', reject).end(body)
  })
}
