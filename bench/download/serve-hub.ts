/** The simulator's hub in a process of its own, so that its work is not counted as a client's. Arguments: rate, scale. Prints its address. */
import { startHub } from '@prebake/simulator/hub'

const [rate, scale] = process.argv.slice(2).map(Number)
const hub = await startHub({
  rate: rate ?? 1,
  scale: scale ?? 1,
  tokens: { granted: 'hf_bench', denied: 'hf_denied' },
  storeHost: 'localhost',
})
console.log(hub.url)
