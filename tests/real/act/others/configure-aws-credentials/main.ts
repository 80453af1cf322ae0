import { appendFileSync } from 'node:fs'

const input = (name: string) => process.env[`INPUT_${name.toUpperCase()}`] ?? ''
const role = input('role-to-assume')
const roles = JSON.parse(process.env['PREBAKE_ACT_AWS'] ?? '{}') as Record<string, { readonly key: string; readonly secret: string }>
const keys = roles[role]
if (keys === undefined) {
  console.log(`::error::Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity (${role})`)
  process.exit(1)
}
const seconds = Number(input('role-duration-seconds'))
if (!(seconds >= 900 && seconds <= 43_200)) {
  console.log('::error::The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  process.exit(1)
}
console.log(`::add-mask::${keys.secret}`)
const exported = {
  AWS_REGION: input('aws-region'),
  AWS_DEFAULT_REGION: input('aws-region'),
  AWS_ACCESS_KEY_ID: keys.key,
  AWS_SECRET_ACCESS_KEY: keys.secret,
}
write('GITHUB_ENV', exported)
if (input('output-credentials') === 'true')
  write('GITHUB_OUTPUT', { 'aws-expiration': new Date(Date.now() + seconds * 1000).toISOString() })

function write(file: string, values: Readonly<Record<string, string>>): void {
  appendFileSync(
    process.env[file] ?? '',
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
}
