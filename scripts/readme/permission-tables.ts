import { readWorkflows } from '../workflows/read-workflows.ts'

/** What happens without a permission, by its name and level. */
const without: Readonly<Record<string, string>> = {
  'contents: read': 'a private repository cannot be checked out',
  'contents: write': 'neither tag nor release can be made',
  'id-token: write': 'there are no AWS credentials, and no signature of a release',
  'pull-requests: read': 'the pull request and its commit are not found',
  'pull-requests: write': 'no comment; the report is in the job summary',
  'attestations: write': 'a release has no provenance',
}

/** What each job of the workflows may do, and why, as Markdown. A permission that is not listed is not granted. */
export function permissionTables(): string {
  const rows = readWorkflows().flatMap(({ id, jobs, reasonFor }) =>
    Object.entries(jobs).flatMap(([job, { permissions = {} }]) => {
      const granted = Object.entries(permissions)
      if (granted.length === 0) return [`| ${id} | ${job} | none | | |`]
      return granted.map(([name, level]) => {
        const permission = `${name}: ${level}`
        return `| ${id} | ${job} | \`${permission}\` | ${reasonFor(job, name) ?? ''} | ${without[permission] ?? ''} |`
      })
    }),
  )
  return ['| workflow | job | permission | why | without it |', '|---|---|---|---|---|', ...rows].join('\n')
}
