import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { parseAllDocuments } from 'yaml'
import { withFaultScene, type FaultScene } from '../../../packages/diagnose/tests/fault-scene.ts'
import { accessesOf, allows, wordsFor, type Role } from '../../../scripts/tests/infra/judge-rbac.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diagnose-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function diagnose({ simulator }: Pick<FaultScene, 'simulator'>, inputs: Record<string, string> = {}) {
  const before = simulator.requests().length
  const action = join(import.meta.dirname, '..')
  const given = { 'cluster-name': simulator.clusterName, ...inputs }
  const { main } = await runStep({ action, inputs: given, environment: simulator.environment, workspace: folder, temp: folder })
  return { ...main, text: main.lines.join('\n'), requests: simulator.requests().slice(before) }
}

const brokenPath = (text: string) => text.replace('- ${MODEL_PATH}', '- /opt/no-model')

test('a crash: its cause comes first, as an output, in the summary and as JSON; nothing is changed, and rbac.yaml is enough', async () => {
  await withFaultScene(async (scene) => {
    await scene.apply(brokenPath)
    const { exitCode, outputs, summary, text, requests } = await diagnose(scene)
    expect({ exitCode, cause: outputs['cause'] }).toEqual({ exitCode: 0, cause: 'model-missing' })
    const report = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as {
      findings: { rule: string; evidence: { text: string }[] }[]
    }
    expect(report.findings[0]?.evidence[0]?.text).toContain('/opt/no-model')
    expect(summary).toContain('### 1. vLLM does not find the model')
    expect(text).toContain('kubectl exec -it deployment/vllm -n default -- ls -la /mnt/models/hf-cache')

    const roles = parseAllDocuments(readFileSync(join(import.meta.dirname, '../../../deploy/infra/rbac.yaml'), 'utf8'))
      .map((document) => document.toJS() as Role)
      .filter(({ kind }) => kind.endsWith('Role'))
    const asked = requests.filter(({ server }) => server === 'kubernetes').flatMap(accessesOf)
    expect([...new Set(asked.filter((access) => !allows(roles, access)).map(wordsFor))]).toEqual([])
    expect(requests.filter(({ server, method }) => server === 'kubernetes' && method !== 'GET')).toEqual([])
  })
})

test('with `fail-on-findings` a crash fails the step, and a healthy Deployment does not', async () => {
  await withFaultScene(async (scene) => {
    await scene.apply()
    const healthy = await diagnose(scene, { 'fail-on-findings': 'true' })
    expect({ exitCode: healthy.exitCode, text: healthy.exitCode === 0 ? '' : healthy.text }).toEqual({ exitCode: 0, text: '' })
  })
  await withFaultScene(async (scene) => {
    await scene.apply(brokenPath)
    const failed = await diagnose(scene, { 'fail-on-findings': 'true' })
    expect(failed.exitCode).toBe(1)
    expect(failed.text).toMatch(/::error.*vLLM does not find the model/)
    expect(failed.text).toContain('pods-do-not-start')
  })
})

test('without an account it goes by the cluster alone, and says what was not read', async () => {
  await withFaultScene(async (scene) => {
    await scene.apply(brokenPath)
    const environment = { ...scene.simulator.environment, AWS_REGION: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', HOME: folder }
    const inputs = { kubeconfig: scene.simulator.kubeconfig }
    const { main } = await runStep({ action: join(import.meta.dirname, '..'), inputs, environment, workspace: folder, temp: folder })
    expect({ exitCode: main.exitCode, cause: main.outputs['cause'] }).toEqual({ exitCode: 0, cause: 'model-missing' })
    expect(main.lines.join('\n')).toContain('Not read: ')
  })
})
