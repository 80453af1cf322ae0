import { run } from '../dist/index.js'

await run('apply-manifests')
