process.env.PREBAKE_ACTION = 'scale-benchmark'
await import('../dist/index.js')
