import { join } from 'node:path'
import { buildPrograms } from '../build-programs.ts'

/** Builds nektos/act, which runs workflows as GitHub does, in about a minute on two cores. @returns the program's path */
export function buildAct(): string {
  const folder = buildPrograms({
    name: 'act',
    root: import.meta.dirname,
    modules: ['program'],
    programs: { act: { module: 'program', package: 'github.com/nektos/act' } },
  })
  return join(folder, 'bin/act')
}

if (import.meta.main) buildAct()
