/** `pnpm test:real`: installs the real parts and runs the tests on them. Arguments go to jest. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { prepareRealParts } from './prepare.ts'

process.chdir(join(import.meta.dirname, '../..'))
prepareRealParts()
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
const { status } = spawnSync(process.execPath, [...jest, '--config', 'tests/real/jest.config.js', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
