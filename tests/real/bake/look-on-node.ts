import { join } from 'node:path'
import { venv } from '../prepare.ts'
import type { RealNode } from './node/start-node.ts'

/** Runs containerd's own client on the node, in the kubelet's namespace. @throws Error with its words when it fails. */
export async function ctr(node: RealNode, ...args: readonly string[]): Promise<string> {
  const { code, output } = await node.enter('ctr', '-n', 'k8s.io', ...args)
  if (code !== 0) throw new Error(`ctr ${args.join(' ')} on the node: ${output}`)
  return output
}

/** The labels of an image, by name. */
export async function imageLabels(node: RealNode, reference: string): Promise<string> {
  const line = (await ctr(node, 'images', 'ls', `name==${reference}`)).split('\n')[1] ?? ''
  return line.trim().split(/\s+/).at(-1) ?? ''
}

/** A pod's view: a container of the image with the models mounted read-only as the shipped Deployment has it. */
export async function runInImage(node: RealNode, reference: string, ...command: readonly string[]): Promise<string> {
  const mount = 'type=bind,src=/mnt/models,dst=/mnt/models,options=rbind:ro'
  return ctr(node, 'run', '--rm', '--net-host', '--mount', mount, reference, `look-${process.hrtime.bigint()}`, ...command)
}

const resolveOffline = `
import hashlib, json, os, sys
from huggingface_hub import hf_hub_download, snapshot_download
model, revision, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
found = {'folder': snapshot_download(model, revision=revision)}
for path in paths:
    with open(hf_hub_download(model, path, revision=revision), 'rb') as file:
        found[path] = hashlib.sha256(file.read()).hexdigest()
print(json.dumps(found))
`

/** Where Hugging Face's own client finds the model on a node that reaches nothing, and the sha256 of each file that it hands out. */
export async function resolveWithHuggingFace(
  node: RealNode,
  model: string,
  revision: string,
  paths: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const environment = ['HF_HOME=/mnt/models/hf-cache', 'HF_HUB_OFFLINE=1', 'HOME=/root']
  const { code, output } = await node.enter(
    'env',
    ...environment,
    join(venv, 'bin/python'),
    '-c',
    resolveOffline,
    model,
    revision,
    ...paths,
  )
  if (code !== 0) throw new Error(`Resolve ${model} offline with huggingface_hub: ${output}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, string>
}
