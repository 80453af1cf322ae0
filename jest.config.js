import { availableParallelism } from 'node:os'

export default {
  testMatch: ['<rootDir>/{actions,packages}/*/tests/**/*.test.ts', '<rootDir>/{scripts,terminal}/tests/**/*.test.ts'],
  // Most tests wait for simulated time; the default leaves one of two cores idle.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Ends what hangs; never a measure of speed.
  testTimeout: 180_000,
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/actions/dist', '<rootDir>/out'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
}
