import { join } from 'node:path'
import { buildPrograms } from '../build-programs.ts'
import { buildParts } from '../cluster/build-parts.ts'

/** Builds nektos/act, which runs workflows as GitHub does, and actionlint, in about a minute on two cores. @returns a program's path */
export function buildAct(program: 'act' | 'actionlint' = 'act'): string {
  const folder = buildPrograms({
    name: 'act',
    root: import.meta.dirname,
    modules: ['program'],
    programs: {
      act: { module: 'program', package: 'github.com/nektos/act' },
      actionlint: { module: 'program', package: 'github.com/rhysd/actionlint/cmd/actionlint' },
    },
  })
  return join(folder, 'bin', program)
}

if (import.meta.main) {
  buildAct()
  buildParts()
}
