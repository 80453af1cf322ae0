import { expect, test } from '@jest/globals'
import type { FilePlace, Reporter } from '@prebake/kernel'
import { preflight, preflightOffline, reportPreflight, type Finding, type PreflightReport } from '../src/index.ts'
import { shippedManifests, snapshotId } from './good-subject.ts'
import { memoryReader } from './memory-reader.ts'

const { signal } = new AbortController()

/** Keeps each line under the method that reported it. */
function recordingReporter() {
  const lines: Record<'info' | 'warning' | 'summary', string[]> = { info: [], warning: [], summary: [] }
  const places: (FilePlace | undefined)[] = []
  const ignore = () => {}
  const reporter: Reporter = {
    group: (_title, work) => work(),
    info: (line) => void lines.info.push(line),
    progress: ignore,
    notice: ignore,
    warning: (line, place) => void (lines.warning.push(line), places.push(place)),
    debug: ignore,
    summary: (text) => void lines.summary.push(text),
  }
  return { reporter, lines, places }
}

/** The shipped Deployment by the tag `latest` and with an initial delay: an error and a warning. */
async function report(ignoreRules: readonly string[]): Promise<PreflightReport> {
  const manifests = shippedManifests().map((manifest) => {
    const text = JSON.stringify(manifest.document).replace(
      /"vllm\/vllm-openai@|docker\.io\/vllm\/vllm-openai@sha256:[0-9a-f]+/,
      'vllm/vllm-openai:latest',
    )
    return {
      ...manifest,
      document: JSON.parse(text.replace('"startupProbe":{', '"startupProbe":{"initialDelaySeconds":30,')) as typeof manifest.document,
    }
  })
  return preflight({ manifests, snapshotId, ignoreRules }, { cluster: memoryReader({}) }, signal)
}
const rulesOf = ({ findings }: PreflightReport) => findings.map(({ rule }) => rule)

test('errors are returned with their rule as the code; warnings are reported at their file', async () => {
  const { reporter, lines, places } = recordingReporter()
  const found = await report([])
  const problems = reportPreflight(found, reporter)
  expect(problems.map(({ code, wrong }) => [code, wrong])).toEqual([['image-latest', expect.stringMatching(/\[image-latest\]$/)]])
  expect(lines.warning).toEqual([expect.stringMatching(/^deployment\.yaml:1 Deployment .*\[probe-floor\]$/)])
  expect(places).toEqual([{ file: 'deployment.yaml', line: 1 }])
  expect(lines.summary).toEqual([])
})

test('warnings about one object are one annotation', () => {
  const { reporter, lines, places } = recordingReporter()
  const warning = (rule: string, source: string, object: string): Finding => ({
    rule,
    severity: 'warning',
    place: { source, object, field: 'spec' },
    problem: 'a problem.',
    fix: 'A fix.',
  })
  const findings = [
    warning('one', 'a.yaml:3', 'NodePool a'),
    warning('two', 'a.yaml:9', 'NodePool b'),
    warning('three', 'a.yaml:3', 'NodePool a'),
    warning('four', 'the cluster', 'NodePool c'),
  ]
  expect(reportPreflight({ findings, ignored: {}, unchecked: [], instanceTypes: undefined }, reporter)).toEqual([])
  expect(lines.warning.map((text) => text.split('\n').map((line) => /\[(\w+)\]$/.exec(line)?.[1]))).toEqual([
    ['one', 'three'],
    ['two'],
    ['four'],
  ])
  expect(places).toEqual([{ file: 'a.yaml', line: 3 }, { file: 'a.yaml', line: 9 }, undefined])
})

test('by the manifests alone: what needs no other facts is found, and the rest is named', () => {
  const manifests = shippedManifests().map((manifest) => {
    const text = JSON.stringify(manifest.document).replaceAll('/dev/xvdb', '/dev/xvdc')
    return { ...manifest, document: JSON.parse(text) as typeof manifest.document }
  })
  const { findings, unchecked } = preflightOffline({ manifests, snapshotId })
  expect(findings.map(({ rule }) => rule)).toEqual(['data-device'])
  expect(unchecked).toEqual([
    {
      reason: 'neither the cluster nor AWS is asked',
      rules: expect.arrayContaining(['snapshot-missing', 'image-not-baked', 'replicas-owned']),
    },
  ])
  expect(preflightOffline({ manifests, snapshotId, ignoreRules: ['data-device'] }).findings).toEqual([])
})

test('what is ignored stops nothing and is no warning; log, summary and report say what it found', async () => {
  const { reporter, lines } = recordingReporter()
  const found = await report(['image-latest', 'probe-floor', 'drift-blocked', 'snapshot-rejected'])
  expect(rulesOf(found)).toEqual([])
  expect(Object.entries(found.ignored).map(([rule, findings]) => [rule, findings.length])).toEqual([
    ['image-latest', 1],
    ['probe-floor', 1],
    ['drift-blocked', 0],
    ['snapshot-rejected', 0],
  ])
  expect(reportPreflight(found, reporter)).toEqual([])
  expect(lines.warning).toEqual([])
  expect(lines.info).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Ignored error: deployment\.yaml:1 .*\[image-latest\]$/),
      expect.stringMatching(/^Ignored warning: deployment\.yaml:1 .*\[probe-floor\]$/),
      '`ignore-rules`: drift-blocked found nothing; it can be removed.',
    ]),
  )
  // It could not be checked, so nothing is known of it.
  expect(lines.info).not.toContainEqual(expect.stringContaining('snapshot-rejected found nothing'))
  expect(lines.summary).toEqual([
    expect.stringMatching(
      /### Ignored preflight rules[^]*\| `image-latest` \| error at `deployment\.yaml:1 [^]*\| `drift-blocked` \| nothing \|/,
    ),
  ])
})
