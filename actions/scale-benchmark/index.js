import { run } from '../dist/index.js'

await run('scale-benchmark')
