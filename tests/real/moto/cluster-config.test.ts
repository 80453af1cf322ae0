import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { renderClusterConfig } from '../../../terminal/src/infra/ensure-cluster.ts'

/** The release whose schema judges deploy/infra/cluster.yaml; eksctl reads its ClusterConfig by it. */
const eksctl = 'github.com/weaveworks/eksctl@v0.230.0'

/** From Go's module cache, or its proxy. */
function readSchema(): object {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-eksctl-'))
  try {
    const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', eksctl], { cwd: folder, encoding: 'utf8' })) as {
      Dir: string
    }
    return JSON.parse(readFileSync(join(Dir, 'pkg/apis/eksctl.io/v1alpha5/assets/schema.json'), 'utf8')) as object
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(readSchema())
const config = renderClusterConfig({ name: 'prebake', region: 'us-west-2', folder: join(import.meta.dirname, '../../..') })
const wrong = (text: string) =>
  validate(parse(text)) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)

test('eksctl’s own schema finds nothing wrong with the cluster', () => {
  expect(wrong(config)).toEqual([])
})

test('it finds a key that eksctl does not know', () => {
  expect(wrong(config.replace('instanceType:', 'instancetype:'))).toEqual([expect.stringContaining('must NOT have additional properties')])
})
