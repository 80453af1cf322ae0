import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ecrRegion } from '../src/index.ts'

const account = '123456789012'

// Mostly the table of the kubelet's plugin (kubernetes/cloud-provider-aws 63ec440, cmd/ecr-credential-provider/main_test.go).
const hosts: readonly (readonly [host: string, region: string | undefined])[] = [
  ['763104351884.dkr.ecr.us-east-1.amazonaws.com', 'us-east-1'],
  [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'cn-north-1'],
  [`${account}.dkr.ecr.us-gov-east-1.amazonaws.com`, 'us-gov-east-1'],
  [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`, 'eusc-de-east-1'],
  [`${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, 'us-iso-east-1'],
  [`${account}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`, 'us-isob-east-1'],
  [`${account}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk`, 'eu-isoe-west-1'],
  [`${account}.dkr.ecr.us-isof-east-1.csp.hci.ic.gov`, 'us-isof-east-1'],
  [`${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com`, 'us-gov-west-1'],
  [`${account}.dkr.ecr-fips.eusc-de-east-1.amazonaws.eu`, 'eusc-de-east-1'],
  [`${account}.dkr-ecr.us-west-2.on.aws`, 'us-west-2'],
  [`${account}.dkr-ecr-fips.us-gov-east-1.on.aws`, 'us-gov-east-1'],
  [`${account}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`, 'cn-north-1'],
  [`${account}.dkr.ecr.Some_Region-1.amazonaws.com`, 'Some_Region-1'],
  ['1234567890123.dkr.ecr.us-east-1.amazonaws.com', undefined],
  ['12345678901.dkr.ecr.us-east-1.amazonaws.com', undefined],
  ['12345678901A.dkr.ecr.us-east-1.amazonaws.com', undefined],
  [`${account}.dkr.ecr.us-east-1!.amazonaws.com`, undefined],
  [`${account}.dkr.ecr.-us-east-1.amazonaws.com`, undefined],
  [`${account}.dkr.ecr.us-east-1.amazonaws.hacker.com`, undefined],
  [`${account}.dkr.ecr.us-east-1.hacker.com`, undefined],
  [`${account}.dkr.ecr.us-east-1.amazonaws.lol`, undefined],
  [`${account}.dkr.ecr.us-east-1.amazonaws.com.example.com`, undefined],
  [`${account}.dkr.ecr.us-iso-east-1.amazonaws.gov`, undefined],
  [`${account}.dkr.ecr.us-east-1.amazonawsxcom`, undefined],
  [`${account}.dkrxecr.us-east-1.amazonaws.com`, undefined],
  [`${account}.dkr.cat.us-east-1.amazonaws.com`, undefined],
  [`${account}.ecr.us-east-1.amazonaws.com`, undefined],
  [`${account}.dkr.ecr.us-east-1.amazonaws.com:443`, undefined],
  [`${account}.dkr.ecr.us.east.1.amazonaws.com`, undefined],
  [`x${account}.dkr.ecr.us-east-1.amazonaws.com`, undefined],
  [`${account}.DKR.ECR.us-east-1.amazonaws.com`, undefined],
  [`${account}.dkr.ecr.us-east-1.api.aws`, undefined],
  ['public.ecr.aws', undefined],
  ['ecr-public.aws.com', undefined],
  ['ghcr.io', undefined],
]

test.each(hosts)('%s', (host, region) => expect(ecrRegion(host)).toBe(region))

test('the builder asks the kubelet’s plugin for the same hosts', () => {
  const script = readFileSync(join(import.meta.dirname, '../../snapshot/host/work.sh'), 'utf8')
  const [, pattern = ''] = /\[\[ \$registry =~ (\S+) \]\]/.exec(script) ?? []
  const listed = execFileSync('bash', [
    '-c',
    `for host; do [[ $host =~ ${pattern} ]] && echo "$host"; done; true`,
    '_',
    ...hosts.map(([host]) => host),
  ])
  const expected = hosts.filter(([, region]) => region !== undefined).map(([host]) => host)
  expect(listed.toString().trimEnd().split('\n')).toEqual(expected)
})
