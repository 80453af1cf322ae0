import { run } from '../dist/index.js'

await run('publish-snapshot')
