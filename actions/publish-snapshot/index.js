process.env.PREBAKE_ACTION = 'publish-snapshot'
await import('../dist/index.js')
