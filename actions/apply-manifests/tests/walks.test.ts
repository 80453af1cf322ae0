import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { openScene, type Scene } from './open-scene.ts'

// Sets in the form in which five projects publish them, each from as it is to rolled out with a snapshot.
let scene: Scene
afterEach(() => scene.close())

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}
interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
}
const objects = <T>(kind: string) => scene.simulator.kubernetes.objects(kind) as unknown as readonly T[]

/** The snapshot on each node with a pod that is Ready, by the label that the change gives it. */
function servingFrom(): readonly (string | undefined)[] {
  const labels = new Map(objects<Node>('Node').map(({ metadata }) => [metadata.name, metadata.labels]))
  return objects<Pod>('Pod')
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'))
    .map(({ spec }) => labels.get(spec.nodeName ?? '')?.['prebake.dev/snapshot'])
}

// The code of the error is snapshot-not-used.
test.each<[name: string, changes: readonly string[]]>([
  [
    'data-on-eks',
    [
      '+    - alias: bottlerocket@v1.69.0 # Amazon Linux 2023',
      '-  instanceStorePolicy: RAID0',
      '+    - deviceName: /dev/xvdb',
      '+        snapshotID: ${SNAPSHOT_ID}',
    ],
  ],
  ['vllm-docs', ['+          value: /mnt/models/hf-cache/hub', '+    - { deviceName: /dev/xvdb, ebs: { volumeType: gp3, volumeSize: ']],
  ['production-stack', ['+            value: /mnt/models/hf-cache', '+          - name: HF_HUB_OFFLINE']],
  [
    'llm-d',
    [
      '+  blockDeviceMappings:',
      '+            - /mnt/models/hf-cache/hub/models--TheBloke--Mistral-7B-Instruct-v0.2-AWQ/snapshots/5f9c1b7e',
      '+          image: docker.io/vllm/vllm-openai@',
    ],
  ],
  ['cached-images', ['-        snapshotID: snap-00000000000000000', "+        snapshotID: '${SNAPSHOT_ID}'"]],
])(
  '%s: shown as a diff, applied with git, rolled out, and nothing to do a second time',
  async (name, changes) => {
    scene = await openScene()
    const { workspace, snapshots } = scene
    mkdirSync(join(workspace, 'k8s'))
    copyFileSync(join(import.meta.dirname, 'walks', `${name}.yaml`), join(workspace, 'k8s/set.yaml'))
    const given = {
      kubeconfig: '',
      'cluster-name': scene.simulator.clusterName,
      manifests: 'k8s',
      variables: '',
      'snapshot-id': snapshots[0],
    }

    const before = await scene.run({ ...given, mode: 'render', kubeconfig: '', 'cluster-name': '' })
    expect(before.errors).toEqual([
      expect.stringContaining(`\`snapshot-id\`: no manifest uses ${snapshots[0]}. It takes changes in k8s/set.yaml.`),
    ])
    const patch = readFileSync(join(workspace, 'rendered/use-snapshot.patch'), 'utf8')
    for (const line of changes) expect(patch).toContain(line)
    expect(before.summary).toContain('```diff\n--- a/k8s/set.yaml\n')
    expect(patch.split('\n').filter((line) => /^[+-](?![+-])/.test(line)).length).toBeLessThanOrEqual(30)

    execFileSync('git', ['apply', '--unsafe-paths', 'rendered/use-snapshot.patch'], {
      cwd: workspace,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: join(workspace, '..') },
    })
    const rolledOut = await scene.run(given)
    expect(rolledOut.errors).toEqual([])
    expect(rolledOut.outputs).toMatchObject({ changed: 'true' })
    expect(servingFrom()).toEqual([snapshots[0]])
    expect((await scene.run(given)).outputs).toMatchObject({ changed: 'false' })
  },
  120_000,
)
