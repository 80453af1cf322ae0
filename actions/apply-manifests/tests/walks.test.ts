import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { applyAs } from './apply-as.ts'
import { openScene, type Run, type Scene } from './open-scene.ts'

// Sets in the form in which five projects publish them, each from as it serves on a cluster to rolled out with a snapshot.
// They run beside each other, each in a scene of its own.
interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}
interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
}
const objects = <T>(scene: Scene, kind: string) => scene.simulator.kubernetes.objects(kind) as unknown as readonly T[]

/** Pods that are ready, with or without a snapshot. */
const serving = (scene: Scene) =>
  objects<Pod>(scene, 'Pod')
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'))

/** The snapshot on each node with a pod that is Ready, by the label that the change gives it. */
function servingFrom(scene: Scene): readonly (string | undefined)[] {
  const labels = new Map(objects<Node>(scene, 'Node').map(({ metadata }) => [metadata.name, metadata.labels]))
  return serving(scene).map(({ spec }) => labels.get(spec.nodeName ?? '')?.['prebake.dev/snapshot'])
}

interface Walk {
  readonly name: string
  /** Who has applied the set as it is; `prebake`: this action, without a snapshot. */
  readonly owner: string
  /** Argo CD and Helm go on applying it: this action only shows and verifies. */
  readonly mode: 'apply' | 'verify'
  /** Lines of the diff. */
  readonly changes: readonly string[]
  /** Codes of the errors on the way, each with what its remedy says to do. */
  readonly hints?: readonly (readonly [code: string, follow: Follow])[]
}
type Inputs = Readonly<Record<string, string>>
type Follow = (set: SetFile) => Inputs
interface SetFile {
  edit(change: (text: string) => string): void
}

/** "… or take them over with `force-conflicts`." */
const takeOver: Follow = () => ({ 'force-conflicts': 'true' })
/** "Give the EC2NodeClass a name of its own, `<name>-${NODECLASS_HASH}`, here and in the NodePool's `nodeClassRef`." */
const ownName =
  (name: string): Follow =>
  (set) => {
    set.edit((text) =>
      text
        .replace(`kind: EC2NodeClass\nmetadata:\n  name: ${name}\n`, `kind: EC2NodeClass\nmetadata:\n  name: ${name}-\${NODECLASS_HASH}\n`)
        .replace(`kind: EC2NodeClass\n        name: ${name}\n`, `kind: EC2NodeClass\n        name: ${name}-\${NODECLASS_HASH}\n`),
    )
    return {}
  }
const conflict = ['document-refused', takeOver] as const

// The code of the first error is snapshot-not-used.
test.concurrent.each<Walk>([
  {
    name: 'data-on-eks',
    owner: 'kubectl',
    mode: 'apply',
    changes: [
      '+    - alias: bottlerocket@v1.69.0 # Amazon Linux 2023',
      '-  instanceStorePolicy: RAID0',
      '+    - deviceName: /dev/xvdb',
      '+        snapshotID: ${SNAPSHOT_ID}',
    ],
    // Server-side apply leaves kubectl's RAID0, which would hide the snapshot.
    hints: [conflict, ['foreign-field-kept', ownName('g5-nvidia')]],
  },
  {
    name: 'vllm-docs',
    owner: 'kubectl',
    mode: 'apply',
    changes: ['+          value: /mnt/models/hf-cache/hub', '+    - { deviceName: /dev/xvdb, ebs: { volumeType: gp3, volumeSize: '],
    hints: [conflict],
  },
  {
    name: 'production-stack',
    owner: 'helm',
    mode: 'verify',
    changes: ['+            value: /mnt/models/hf-cache', '+          - name: HF_HUB_OFFLINE'],
  },
  {
    name: 'llm-d',
    owner: 'argocd-controller',
    mode: 'verify',
    changes: [
      '+  blockDeviceMappings:',
      '+            - /mnt/models/hf-cache/hub/models--TheBloke--Mistral-7B-Instruct-v0.2-AWQ/snapshots/5f9c1b7e',
      '+          image: docker.io/vllm/vllm-openai@',
    ],
  },
  {
    name: 'cached-images',
    owner: 'prebake',
    mode: 'apply',
    changes: ['-        snapshotID: snap-', "+        snapshotID: '${SNAPSHOT_ID}'"],
  },
])(
  '$name: serves as it is, is shown as a diff, applied with git, rolled out, and nothing is left to do',
  async ({ name, owner, mode, changes, hints = [] }) => {
    const scene = await openScene()
    await using ending = new AsyncDisposableStack()
    ending.defer(() => scene.close())
    const { workspace, snapshots, simulator } = scene
    const path = join(workspace, 'k8s/set.yaml')
    const set: SetFile = { edit: (change) => writeFileSync(path, change(readFileSync(path, 'utf8'))) }
    mkdirSync(join(workspace, 'k8s'))
    const published = readFileSync(join(import.meta.dirname, 'walks', `${name}.yaml`), 'utf8')
    writeFileSync(path, published.replace('snap-00000000000000000', snapshots[1]))
    const given = { kubeconfig: '', 'cluster-name': simulator.clusterName, manifests: 'k8s', variables: '' }
    const withSnapshot = { ...given, 'snapshot-id': snapshots[0] }

    if (owner === 'prebake') await scene.run(given)
    else await applyAs(owner, readFileSync(path, 'utf8'), simulator)
    while (serving(scene).length === 0) await simulator.sleep(10)
    let gaps = 0
    // Who applies all of it at once lets Karpenter replace the node under the old pod: that is not this action's.
    const watching = mode === 'apply' ? setInterval(() => (gaps += Number(serving(scene).length === 0)), 5) : undefined

    const before = await scene.run({
      ...withSnapshot,
      mode: mode === 'verify' ? 'verify' : 'render',
      ...(mode === 'apply' && { 'cluster-name': '' }),
    })
    expect(before.errors).toEqual([
      expect.stringContaining(`\`snapshot-id\`: no manifest uses ${snapshots[0]}. It takes changes in k8s/set.yaml.`),
    ])
    const patch = readFileSync(join(workspace, 'rendered/use-snapshot.patch'), 'utf8')
    for (const line of changes) expect(patch).toContain(line)
    expect(patch).toContain(mode === 'verify' ? snapshots[0] : '${SNAPSHOT_ID}')
    expect(before.summary).toContain('```diff\n--- a/k8s/set.yaml\n')
    expect(patch.split('\n').filter((line) => /^[+-](?![+-])/.test(line)).length).toBeLessThanOrEqual(30)
    execFileSync('git', ['apply', '--unsafe-paths', 'rendered/use-snapshot.patch'], {
      cwd: workspace,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: join(workspace, '..') },
    })

    const rolledOut =
      mode === 'verify' ? await appliedBy(scene, owner, path, { ...given, mode }) : await followed(scene, hints, withSnapshot, set)
    expect(rolledOut.errors).toEqual([])
    expect(rolledOut.outputs).toMatchObject({ changed: String(mode === 'apply') })
    expect(servingFrom(scene)).toEqual([snapshots[0]])
    clearInterval(watching)
    expect(gaps).toBe(0)
    expect((await scene.run(mode === 'verify' ? { ...given, mode } : withSnapshot)).outputs).toMatchObject({ changed: 'false' })
  },
  240_000,
)

/**
 * The other tool applies what is in the repository now, with drift paused as docs/existing-setup.md says, and this action waits until it serves; then the
 * pause ends.
 */
async function appliedBy(scene: Scene, owner: string, path: string, inputs: Inputs): Promise<Run> {
  const text = readFileSync(path, 'utf8')
  const [, pause = ''] = /^ {4}- (\{ nodes: '0', reasons: \[Drifted\] \})$/m.exec(readFileSync(page, 'utf8')) ?? []
  const paused = text.replace('disruption: {', `disruption: { budgets: [${pause}, { nodes: '10%' }],`)
  writeFileSync(path, paused)
  await applyAs(owner, paused, scene.simulator)
  const verified = await scene.run(inputs)
  writeFileSync(path, text)
  await applyAs(owner, text, scene.simulator)
  return verified
}
const page = join(import.meta.dirname, '../../../docs/existing-setup.md')

/** Rolls out, and does on each error what its remedy says. */
async function followed(scene: Scene, hints: NonNullable<Walk['hints']>, inputs: Inputs, set: SetFile): Promise<Run> {
  let more: Inputs = {}
  for (const [code, follow] of hints) {
    const refused = await scene.run({ ...inputs, ...more })
    expect(refused.lines.join('\n')).toMatch(new RegExp(`Error codes?: .*\\b${code}\\b`))
    more = { ...more, ...follow(set) }
  }
  return scene.run({ ...inputs, ...more })
}
