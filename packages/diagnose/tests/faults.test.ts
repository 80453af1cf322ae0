import { expect, test } from '@jest/globals'
import type { SnapshotFlaw } from '../../simulator/src/aws/store.ts'
import { renderDiagnosis } from '../src/index.ts'
import { modelPath, withFaultScene } from './fault-scene.ts'

/** What is done to the shipped manifests or to the world, and the rule that must come out first. */
const faults: readonly (readonly [
  rule: string,
  fault: { readonly change?: readonly [from: string | RegExp, to: string]; readonly flaw?: SnapshotFlaw },
])[] = [
  ['untolerated-taint', { change: [/\n {6}tolerations:\n.*\n/, '\n'] }],
  ['no-nodepool-fits', { change: ['prebake.dev/nodeclass: vllm-${NODECLASS_HASH}\n      tolerations', 'team: nobody\n      tolerations'] }],
  ['nodepool-limits', { change: ['nvidia.com/gpu: 8', 'nvidia.com/gpu: 0'] }],
  ['snapshot-not-there', { change: ['snapshotID: ${SNAPSHOT_ID}', 'snapshotID: snap-0fffffffffffffff0'] }],
  ['out-of-memory', { change: [/memory: 16Gi, (.*)\n( +limits: \{) /, 'memory: 2Gi, $1\n$2 memory: 2Gi, '] }],
  ['snapshot-image-broken', { flaw: 'broken image' }],
  ['model-missing', { change: ['- ${MODEL_PATH}', '- /opt/no-model'] }],
  ['snapshot-volume-not-mountable', { flaw: 'no folder' }],
  ['snapshot-model-missing', { flaw: 'no model' }],
  ['snapshot-model-unreadable', { flaw: 'broken shard' }],
]

test.each(faults)('%s is found first, with its evidence and a command', async (rule, { change, flaw }) => {
  await withFaultScene(async ({ simulator, snapshotId, apply, diagnose }) => {
    if (flaw !== undefined) await simulator.aws.disturb({ kind: 'snapshot-spoiled', snapshotId, flaw })
    let changed = change === undefined
    await apply((text) => {
      if (change === undefined) return text
      const next = text.replace(...change)
      changed ||= next !== text
      return next
    })
    // A fault that was not made proves nothing.
    expect(changed).toBe(true)
    const diagnosis = await diagnose()
    const [first] = diagnosis.findings
    expect(diagnosis.findings.map((finding) => finding.rule)).toContain(rule)
    expect(first).toMatchObject({ rule, certainty: 3 })
    expect(first?.evidence.length).toBeGreaterThan(0)
    expect(first?.check).not.toMatch(/\bPOD\b|\bNAME\b/)
    expect(renderDiagnosis(diagnosis)).toContain(first?.cause)
    // A fault of the snapshot is not said a second time by the words that it was judged by, and a container that never ran has no log.
    const certain = diagnosis.findings.filter(({ certainty, symptom }) => certainty === 3 && symptom !== 'slow').map((each) => each.rule)
    expect(certain.filter((each) => flaw !== undefined && each !== rule)).toEqual([])
    expect(diagnosis.unread.filter((line) => line.includes('log'))).toEqual([])
  })
})

test('a start without a fault has no certain cause, and nothing was changed', async () => {
  await withFaultScene(async ({ apply, diagnose, requests }) => {
    await apply()
    const before = requests().length
    const { pods, findings, leftOver } = await diagnose()
    expect(pods.map(({ phase }) => phase)).toEqual(['Ready'])
    expect(findings.filter(({ symptom }) => symptom !== 'slow')).toEqual([])
    expect(leftOver).toEqual([])
    const sent = requests().slice(before)
    expect(sent.length).toBeGreaterThan(5)
    expect(sent.filter((request) => /kubernetes (?!GET)/.test(request))).toEqual([])
    expect(sent.filter((request) => /Create|Delete|Run|Modify|Terminate|Put/.test(request))).toEqual([])
  })
})

/** Nodes without the snapshot, and a folder that pods may write. */
const withoutSnapshot = (text: string) =>
  text
    .replace(/ +snapshotID: .*\n/, '')
    .replace(/ +volumeInitializationRate: .*\n/, '')
    .replace('hostPath: { path: /mnt/models, type: Directory }', 'emptyDir: {}')
const byName = (text: string) => text.replace('- ${MODEL_PATH}', '- TheBloke/Mistral-7B-Instruct-v0.2-AWQ')
const online = (text: string) => text.replace(/ +- \{ name: HF_HUB_OFFLINE, .*\n/, '')
const writable = (text: string) => text.replace('mountPath: /mnt/models, readOnly: true', 'mountPath: /mnt/models')
const ofCommit = (commit: string) => (text: string) =>
  text.replace('- --max-model-len', `- --revision=${commit}\n            - --max-model-len`)

test.each([
  ['the path of the snapshot is served', 'wrong-revision', [online, writable]],
  ['the client is offline', 'download-while-offline', [byName, writable]],
  ['its cache cannot be written', 'cache-read-only', [byName, online]],
  ['the hub has no such commit', 'wrong-revision', [byName, online, writable, ofCommit('0'.repeat(40))]],
  ['it is downloaded', undefined, [byName, online, writable, ofCommit('main')]],
] as const)('without a snapshot, %s: %s', async (_title, rule, changes) => {
  await withFaultScene(async ({ apply, diagnose }) => {
    await apply((text) => changes.reduce((changed: string, change) => change(changed), withoutSnapshot(text)))
    const { findings } = await diagnose()
    expect(findings.find(({ certainty, symptom }) => certainty === 3 && symptom !== 'slow')?.rule).toBe(rule)
  })
})

test('a pod that is left over in mid-rollout is no failure', async () => {
  await withFaultScene(async ({ apply, diagnose }) => {
    await apply()
    await apply((text) =>
      text.replace('prebake.dev/nodeclass: vllm-${NODECLASS_HASH}\n      tolerations', 'team: nobody\n      tolerations'),
    )
    const { leftOver, findings, pods } = await diagnose()
    expect(leftOver).toEqual([expect.stringContaining('Ready')])
    expect(pods.map(({ phase }) => phase)).toEqual(['Pending'])
    expect(findings[0]?.rule).toBe('no-nodepool-fits')
  })
})

test('weights from the hub and a missed cache are reported of a pod that serves', async () => {
  await withFaultScene(async ({ apply, diagnose }) => {
    await apply((text) =>
      text
        .replace('- ${MODEL_PATH}', '- TheBloke/Mistral-7B-Instruct-v0.2-AWQ')
        .replace("{ name: HF_HUB_OFFLINE, value: '1' }", "{ name: HF_HUB_OFFLINE, value: '0' }")
        .replace('value: /mnt/models/hf-cache', 'value: /tmp/cache'),
    )
    const { findings } = await diagnose()
    const rules = findings.map(({ rule }) => rule)
    expect(rules).toContain('weights-downloaded')
    expect(rules).toContain('compile-cache-missed')
    expect(modelPath).toContain('snapshots')
  })
})

test('a workload that is not there', async () => {
  await withFaultScene(async ({ diagnose }) => {
    await expect(diagnose()).rejects.toMatchObject({ errorCode: 'diagnosed-workload-missing' })
  })
})
