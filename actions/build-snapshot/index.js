process.env.PREBAKE_ACTION = 'build-snapshot'
await import('../dist/index.js')
