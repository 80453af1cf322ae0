import { expect, test } from '@jest/globals'
import { parse } from 'smol-toml'
import { userData } from '../../src/builder/user-data.ts'

test('a builder boots with the documented role: it asks EC2 for no name, and starts the admin container', () => {
  expect(parse(userData)).toEqual({
    settings: { 'host-containers': { admin: { enabled: true } }, kubernetes: { 'hostname-override-source': 'instance-id' } },
  })
})
