import { createServer, type AddressInfo } from 'node:net'

/** A port of 127.0.0.1 that no process listens on; for programs that cannot choose one themselves and say which. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
