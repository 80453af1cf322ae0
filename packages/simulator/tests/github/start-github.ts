import { openJournal } from '../../src/core/journal.ts'
import { serve } from '../../src/core/serve.ts'
import { simulatedClock } from '../../src/core/world.ts'
import { createGitHub } from '../../src/github/github-service.ts'

/** GitHub with the repository `acme/models`, its issue 7, and tokens `good` (variables), `job` (comments) and `fork` (neither). */
export async function startGitHub() {
  const journal = openJournal()
  const simulation = { clock: simulatedClock(1), journal, faultFor: () => undefined, random: () => 0 }
  const tokens = { withVariables: 'good', withoutVariables: 'job', readOnly: 'fork' }
  const github = createGitHub(simulation, { repository: 'acme/models', tokens, issues: [7] })
  const server = await serve(github.service, simulation)
  const ask = async (method: string, path: string, body?: unknown, authorization = 'token good') => {
    const response = await fetch(path.startsWith('http') ? path : server.url + path, {
      method,
      headers: authorization ? { authorization } : {},
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? (JSON.parse(text) as unknown) : undefined, headers: response.headers }
  }
  return { ask, github, journal, server }
}
