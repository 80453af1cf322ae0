import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml'

export interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

export interface Job {
  readonly name?: string
  readonly 'timeout-minutes'?: number
  readonly environment?: string | { readonly name: string; readonly deployment?: boolean }
  readonly container?: object
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: object
  readonly steps: readonly Step[]
}

export interface Input {
  readonly description?: string
  readonly type?: string
  readonly default?: string | number | boolean
}

export interface Workflow {
  /** `build-snapshot`. */
  readonly id: string
  /** Its YAML, as it stands. */
  readonly text: string
  readonly permissions: object | undefined
  readonly concurrency: object | undefined
  readonly on: Readonly<Record<string, { readonly inputs?: Readonly<Record<string, Input>> } | null>>
  readonly jobs: Readonly<Record<string, Job>>
  /** The comment beside a permission of a job: why it is needed. */
  readonly reasonFor: (job: string, permission: string) => string | undefined
}

const root = join(import.meta.dirname, '../..')

/** All workflows of .github/workflows, in the order of their names. */
export function readWorkflows(): readonly Workflow[] {
  const files = globSync('.github/workflows/*.yml', { cwd: root }).toSorted()
  return files.map((file) => readWorkflow(basename(file, '.yml'), readFileSync(join(root, file), 'utf8')))
}

function readWorkflow(id: string, text: string): Workflow {
  const document = parseDocument(text)
  const content = document.toJS() as Pick<Workflow, 'permissions' | 'concurrency' | 'on' | 'jobs'>
  return {
    ...content,
    id,
    text,
    reasonFor(job, permission) {
      const granted = document.getIn(['jobs', job, 'permissions']) as YAMLMap | undefined
      if (!isMap(granted)) return undefined
      const value = granted.get(permission, true)
      return isScalar(value) ? value.comment?.trim() : undefined
    },
  }
}
