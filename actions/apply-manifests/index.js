process.env.PREBAKE_ACTION = 'apply-manifests'
await import('../dist/index.js')
