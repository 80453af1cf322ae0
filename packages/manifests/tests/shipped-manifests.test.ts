import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readManifests, type KubernetesObject } from '../src/index.ts'

const folder = join(import.meta.dirname, '../../../deploy/vllm')
const variables = {
  SNAPSHOT_ID: 'snap-0123456789abcdef0',
  NODE_ROLE: 'vllm-node',
  CLUSTER_NAME: 'demo',
  VLLM_IMAGE: 'docker.io/vllm/vllm-openai:v0.11.0',
  MODEL_PATH: '/mnt/models/hf-cache/hub/models--a--b/snapshots/c',
  BOTTLEROCKET_VERSION: '1.69.0',
  VOLUME_SIZE: '150Gi',
}
const files = {
  shipped: ['nodeclass.yaml', 'nodepool.yaml', 'deployment.yaml', 'service.yaml'],
  large: ['nodeclass.yaml', 'nodepool.yaml', 'large-model/deployment.yaml', 'service.yaml'],
  baseline: ['baseline/nodeclass.yaml', 'baseline/nodepool.yaml', 'baseline/deployment.yaml'],
}

/** Reads a set; every variable that is given must be used, and every one that is used be given. */
function readSet(set: keyof typeof files, values: Readonly<Record<string, string>>): Readonly<Record<string, KubernetesObject>> {
  const texts = files[set].map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
  const given = Object.fromEntries(Object.keys(values).map((name) => [name, 'variables']))
  return Object.fromEntries(readManifests(texts, values, { inputs: given }).map(({ document }) => [document.kind, document]))
}
const shipped = readSet('shipped', variables)
const baselineVariables = {
  NODE_ROLE: variables.NODE_ROLE,
  CLUSTER_NAME: variables.CLUSTER_NAME,
  VLLM_IMAGE: variables.VLLM_IMAGE,
}

/** The value at a path such as `spec.template`; fails the test where there is none. */
function at(object: unknown, path: string): unknown {
  let value = object
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !(name in value)) throw new Error(`No ${path}`)
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
const container = (deployment: unknown) => at(deployment, 'spec.template.spec.containers.0')

test('the folder holds the four files, and no other', () => {
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .toSorted(),
  ).toEqual(files.shipped.toSorted())
  expect(Object.keys(shipped)).toEqual(['EC2NodeClass', 'NodePool', 'Deployment', 'Service'])
})

test('guide: kubectl scale deployment vllm --replicas=5, and no apply takes it back', () => {
  expect(shipped['Deployment']?.metadata).toMatchObject({ name: 'vllm' })
  expect(shipped['Deployment']?.metadata).not.toHaveProperty('namespace')
  expect(shipped['Deployment']?.['spec']).not.toHaveProperty('replicas')
})

test('guide: kubectl get pods -w -l app=vllm', () => {
  const app = { app: 'vllm' }
  expect(at(shipped, 'Deployment.spec.template.metadata.labels')).toEqual(app)
  expect(at(shipped, 'Deployment.spec.selector.matchLabels')).toEqual(app)
  expect(at(shipped, 'Service.spec.selector')).toEqual(app)
})

test('guide: kubectl exec -it <pod> -- ls -la /mnt/models', () => {
  const mounts = at(container(shipped['Deployment']), 'volumeMounts')
  const volumes = at(shipped, 'Deployment.spec.template.spec.volumes')
  expect(mounts).toContainEqual({ name: 'models', mountPath: '/mnt/models', readOnly: true })
  expect(volumes).toContainEqual({ name: 'models', hostPath: { path: '/mnt/models', type: 'Directory' } })
  expect(mounts).toContainEqual({ name: 'cache', mountPath: '/cache' })
  expect(volumes).toContainEqual({ name: 'cache', hostPath: { path: `/mnt/cache/${variables.VLLM_IMAGE}`, type: 'DirectoryOrCreate' } })
  // The only emptyDir is /dev/shm, in memory.
  expect((volumes as { emptyDir?: unknown }[]).flatMap(({ emptyDir }) => emptyDir ?? [])).toEqual([{ medium: 'Memory', sizeLimit: '2Gi' }])
})

test('guide: requests, and HF_HOME on the baked volume, offline', () => {
  const { resources, env, args, image, imagePullPolicy } = container(shipped['Deployment']) as Record<string, unknown>
  expect(at(resources, 'requests')).toEqual({ cpu: 4, memory: '16Gi', 'nvidia.com/gpu': 1 })
  expect(env).toContainEqual({ name: 'HF_HOME', value: '/mnt/models/hf-cache' })
  expect(env).toContainEqual({ name: 'HF_HUB_OFFLINE', value: '1' })
  expect((env as { value: unknown }[]).filter(({ value }) => typeof value !== 'string')).toEqual([])
  expect(at(args, '0')).toBe(variables.MODEL_PATH)
  expect({ image, imagePullPolicy }).toEqual({ image: variables.VLLM_IMAGE, imagePullPolicy: 'IfNotPresent' })
})

test('everything that vLLM writes lies outside the read-only mount', () => {
  const env = at(container(shipped['Deployment']), 'env') as { name: string; value: string }[]
  const folders = env.filter(({ name }) => /CACHE|WORKSPACE|^HOME$/.test(name))
  expect(folders.map(({ name }) => name).toSorted()).toEqual(
    ['FLASHINFER_WORKSPACE_BASE', 'HF_MODULES_CACHE', 'HOME', 'TORCHINDUCTOR_CACHE_DIR', 'TRITON_CACHE_DIR', 'VLLM_CACHE_ROOT'].toSorted(),
  )
  expect(folders.filter(({ value }) => value.startsWith('/mnt/models'))).toEqual([])
})

test('guide: the NodeClass has a standard Bottlerocket and 150 GB from the snapshot', () => {
  expect(at(shipped, 'EC2NodeClass.spec.amiSelectorTerms')).toEqual([{ alias: expect.stringMatching(/^bottlerocket@v\d+\.\d+\.\d+$/) }])
  expect(at(shipped, 'EC2NodeClass.spec.blockDeviceMappings')).toMatchObject([
    { deviceName: '/dev/xvda', ebs: { volumeSize: '4Gi', volumeType: 'gp3' } },
    {
      deviceName: '/dev/xvdb',
      ebs: {
        snapshotID: variables.SNAPSHOT_ID,
        volumeSize: '150Gi',
        volumeType: 'gp3',
        iops: 3000,
        throughput: 600,
        volumeInitializationRate: 300,
      },
    },
  ])
})

test('pods select the very nodes that the NodePool makes, tolerate their taint and fit them', () => {
  const name = shipped['EC2NodeClass']?.metadata.name
  expect(name).toMatch(/^vllm-[0-9a-f]{10}$/)
  const labels = at(shipped, 'NodePool.spec.template.metadata.labels')
  expect(labels).toEqual({ 'prebake.dev/nodeclass': name })
  expect(at(shipped, 'Deployment.spec.template.spec.nodeSelector')).toEqual(labels)
  expect(at(shipped, 'NodePool.spec.template.spec.nodeClassRef.name')).toBe(name)
  expect(at(shipped, 'NodePool.spec.template.spec.taints.0.key')).toBe(at(shipped, 'Deployment.spec.template.spec.tolerations.0.key'))
  // No .xlarge has 4 CPUs to give, and from .12xlarge on there are several GPUs (facts: Karpenter's instance types).
  const types = at(shipped, 'NodePool.spec.template.spec.requirements.0.values') as string[]
  expect(types.filter((type) => !/\.(2|4)xlarge$/.test(type))).toEqual([])
})

test('another snapshot is another NodeClass, which is labelled as a version of the same', () => {
  const next = readSet('shipped', { ...variables, SNAPSHOT_ID: 'snap-0123456789abcdef1' })
  expect(next['EC2NodeClass']?.metadata.name).not.toBe(shipped['EC2NodeClass']?.metadata.name)
  for (const set of [shipped, next, readSet('baseline', baselineVariables)]) {
    expect(set['EC2NodeClass']?.metadata.labels).toEqual({ 'prebake.dev/nodeclass-of': 'vllm' })
  }
})

test('a slow first node does not end the rollout, and the probe adds no wait', () => {
  expect(at(shipped, 'Deployment.spec.progressDeadlineSeconds')).toBe(1800)
  const probe = at(container(shipped['Deployment']), 'startupProbe')
  expect(probe).toMatchObject({ periodSeconds: 2, failureThreshold: 900 })
  expect(probe).not.toHaveProperty('initialDelaySeconds')
})

test('no Service sets VLLM_PORT', () => {
  expect(shipped['Service']?.metadata.name).not.toMatch(/^vllm$/)
  expect(at(shipped, 'Deployment.spec.template.spec.enableServiceLinks')).toBe(false)
})

test('the large model differs in memory and context length alone', () => {
  const texts = ['deployment.yaml', 'large-model/deployment.yaml'].map((path) =>
    readFileSync(join(folder, path), 'utf8')
      .split('\n')
      .filter((line, index) => index > 1 || !line.startsWith('#')),
  )
  const [base = [], large = []] = texts
  expect(large).toHaveLength(base.length)
  expect(large.flatMap((line, index) => (line === base[index] ? [] : [line.trim()]))).toEqual([
    '- --max-model-len=16384',
    'requests: { cpu: 4, memory: 24Gi, nvidia.com/gpu: 1 }',
  ])
  expect(Object.keys(readSet('large', variables))).toEqual(['EC2NodeClass', 'NodePool', 'Deployment', 'Service'])
})

test('the baseline has the same Deployment, and differs only in where the model is', () => {
  const baseline = readSet('baseline', baselineVariables)
  expect(JSON.stringify(baseline)).not.toMatch(/snap|hostPath|OFFLINE/)
  expect(baseline['Deployment']?.metadata).toEqual(shipped['Deployment']?.metadata)
  expect(at(baseline, 'Deployment.spec.template.spec.volumes')).toContainEqual({ name: 'models', emptyDir: {} })
  const { command, args, image, resources, startupProbe } = container(shipped['Deployment']) as Record<string, unknown>
  expect(container(baseline['Deployment'])).toMatchObject({ command, image, resources, startupProbe })
  expect(at(container(baseline['Deployment']), 'args')).toEqual(['TheBloke/Mistral-7B-Instruct-v0.2-AWQ', ...(args as string[]).slice(1)])
  expect(at(baseline, 'EC2NodeClass.spec.blockDeviceMappings.1.ebs')).toMatchObject({ volumeSize: '150Gi', iops: 3000, throughput: 600 })
  expect(at(baseline, 'Deployment.spec.template.spec.nodeSelector')).toEqual(at(baseline, 'NodePool.spec.template.metadata.labels'))
})
