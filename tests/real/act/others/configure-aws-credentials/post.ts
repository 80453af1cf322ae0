import { appendFileSync } from 'node:fs'

// src/cleanup/index.ts of the real one blanks them for what comes after it.
const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION']
appendFileSync(process.env['GITHUB_ENV'] ?? '', names.map((name) => `${name}=\n`).join(''))
