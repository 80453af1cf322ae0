import { execFileSync } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { startHub } from '@prebake/simulator/hub'
import { buildServed } from '../build-image.ts'
import { hubModel } from './hub-model.ts'
import { outside } from './outside.ts'
import { serveRegistry } from './serve-registry.ts'

/**
 * serve-outside.ts FOLDER MODEL COMMIT MEGABITS: a registry and a hub in a network of their own, with one link of so many Mbit/s to the parent's network. Says
 * `ready` when both serve.
 */
const [folder = '', model = '', commit = '', megabits = ''] = process.argv.slice(2)
const ip = (...args: readonly string[]) => execFileSync('ip', args)

ip('link', 'set', 'lo', 'up')
ip('link', 'add', 'inside', 'type', 'veth', 'peer', 'name', outside.link, 'netns', String(process.ppid))
for (const address of [outside.hub, outside.store]) ip('address', 'add', `${address}/24`, 'dev', 'inside')
ip('link', 'set', 'inside', 'up')
ip('route', 'add', outside.pods, 'via', outside.gateway)
// A bucket of 10 ms at the least, or timers limit the rate.
const burst = `${Math.max(256, Number(megabits) * 2)}kb`
execFileSync('tc', ['qdisc', 'add', 'dev', 'inside', 'root', 'tbf', 'rate', `${megabits}mbit`, 'burst', burst, 'latency', '100ms'])

const served = buildServed()
await serveRegistry(folder, served.registry, `${outside.hub}:${outside.registryPort}`)
const hub = await startHub({ rate: 10, models: [hubModel(model, commit, served.model('tiny'))], storeHost: outside.store })
const port = Number(new URL(hub.url).port)
for (const address of [outside.hub, outside.store]) {
  const relay = createServer((socket) => {
    const onward = connect(port, '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    for (const each of [socket, onward]) each.on('error', () => [socket, onward].forEach((end) => end.destroy()))
  })
  await new Promise<void>((resolve) => relay.listen(outside.hubPort, address, resolve))
}
console.log('ready')
