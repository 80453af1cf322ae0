import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { forAct } from './for-act.ts'

/** A repository of GitHub's, as a folder with a git repository in it. */
export interface LocalRepository {
  /** `owner/name`. */
  readonly name: string
  readonly folder: string
  /** Writes files and commits them to the branch. @returns the commit's ID */
  commit(files: Readonly<Record<string, string>>, branch?: string): string
  /** Puts a branch's commits onto main, in one merge commit. */
  merge(branch: string): void
  /** Reverts the merge that main ends with. */
  revert(): void
  /** The commit of a branch. */
  head(branch: string): string
}

const root = join(import.meta.dirname, '../../..')

/** This project, as far as a job checks it out, under the name that a stranger calls it by. Its workflows are as act can read them. */
export function layOutPrebake(folder: string): LocalRepository {
  const name = 'your-org/prebake'
  for (const path of globSync(
    ['actions/*/{action.yml,index.js,package.json}', 'actions/dist/**', '.github/actions/**', 'docs/assumptions.md'],
    { cwd: root },
  )) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    cpSync(join(root, path), join(folder, path), { recursive: true })
  }
  const files = Object.fromEntries([...workflows(), ...manifests()])
  const repository = startRepository(name, folder)
  repository.commit(files)
  return repository

  function workflows() {
    return globSync('.github/workflows/*.yml', { cwd: root }).map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return [path, forAct(text, { repository: name, ref: 'main' })] as const
    })
  }
}

/** deploy/vllm as it is shipped, by path. */
export function manifests(): readonly (readonly [string, string])[] {
  return globSync('deploy/vllm/*.yaml', { cwd: root }).map((path) => [path, readFileSync(join(root, path), 'utf8')])
}

/** An empty repository whose branch is main. */
export function startRepository(name: string, folder: string): LocalRepository {
  mkdirSync(folder, { recursive: true })
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Octo', '-c', 'user.email=octo@example.com', ...args], { cwd: folder, encoding: 'utf8' }).trim()
  git('init', '--quiet', '--initial-branch=main')
  // actions/checkout fetches commits by their ID.
  git('config', 'uploadpack.allowAnySHA1InWant', 'true')
  git('remote', 'add', 'origin', `https://github.com/${name}`)
  return {
    name,
    folder,
    commit(files, branch = 'main') {
      const current = git('branch', '--show-current')
      if (branch !== current) git('checkout', '--quiet', '-B', branch)
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(folder, dirname(path)), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      git('add', '--all', '--force')
      git('commit', '--quiet', '--allow-empty', '--message', 'Change files')
      const sha = git('rev-parse', 'HEAD')
      if (branch !== current) git('checkout', '--quiet', current)
      return sha
    },
    merge: (branch) => void git('merge', '--quiet', '--no-ff', '--no-edit', branch),
    revert: () => void git('revert', '--no-edit', '--mainline', '1', 'HEAD'),
    head: (branch) => git('rev-parse', branch),
  }
}
