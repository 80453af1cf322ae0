import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildParts } from '../cluster/build-parts.ts'
import { writeCertificates } from '../cluster/parts/write-certificates.ts'
import { kubeconfigText } from '../cluster/parts/kubeconfig.ts'
import { buildContainerd } from './build-containerd.ts'
import { startMachine } from './machine/start-machine.ts'
import { makePause } from './world/make-pause.ts'
import { openDisk } from './world/open-disk.ts'

/** hold-machine.ts FOLDER: boots a machine whose API server is not there, says `holding`, and waits to be interrupted. */
const [folder = ''] = process.argv.slice(2)
const disk = openDisk(folder)
const keys = writeCertificates(folder)
const programs = { kubelet: buildParts().program('kubelet'), containerd: buildContainerd(), pause: makePause(folder) }
const kubeconfig = kubeconfigText('https://127.0.0.1:6443', keys.authority, { certificate: keys.client('node') })
mkdirSync(join(folder, 'nodes'))
await startMachine(
  { folder: join(folder, 'nodes'), kubeconfig, authority: keys.authority, programs },
  {
    name: 'i-held',
    volume: await disk.makeVolume('held'),
    providerId: 'aws:///us-west-2a/i-held',
    labels: {},
    taints: [],
    hardware: { cpus: 8, memoryMebibytes: 32_768 },
  },
)
console.log('holding')
setInterval(() => {}, 60_000)
