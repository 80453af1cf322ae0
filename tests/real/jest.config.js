import shared from '../../jest.config.js'

/** One file at a time: each has a registry, a hub and nodes of its own. */
export default { ...shared, rootDir: '../..', testMatch: ['<rootDir>/tests/real/**/*.test.ts'], maxWorkers: 1 }
