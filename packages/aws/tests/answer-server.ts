import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request's form, and how often its Action was asked for so far, this one included. */
export type Answer = (form: URLSearchParams, count: number) => { status?: number; body: string } | 'reset' | 'hang'

/**
 * An endpoint that answers EC2's query protocol as a test says. For what a service that behaves well does not do; the simulator stands
 * for that.
 */
export async function answerServer(answer: Answer) {
  const actions: string[] = []
  const server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
    incoming.on('end', () => {
      const form = new URLSearchParams(body)
      const action = form.get('Action') ?? ''
      actions.push(action)
      const reply = answer(form, actions.filter((name) => name === action).length)
      if (reply === 'reset') incoming.socket.resetAndDestroy()
      else if (reply !== 'hang') outgoing.writeHead(reply.status ?? 200, { 'content-type': 'text/xml' }).end(reply.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    /** The requests so far, by Action. */
    actions,
    account: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** EC2's form of an error (EC2 API reference, "Error codes"). */
export function ec2Error(status: number, code: string, message: string) {
  return {
    status,
    body: `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`,
  }
}
