import { statSync } from 'node:fs'

const path = process.env['INPUT_PATH'] ?? ''
const found = statSync(path, { throwIfNoEntry: false })
if (found === undefined) {
  console.log(`::error::No files were found with the provided path: ${path}. No artifacts will be uploaded.`)
  process.exit(1)
}
console.log(`Artifact ${path} (${found.size} bytes)`)
