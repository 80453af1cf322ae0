import type { BuilderSpec } from '@prebake/snapshot'

/** A launch as a build asks for it; each test changes what it is about. */
export const builderSpec: BuilderSpec = {
  clientToken: 'token-1',
  tags: { 'prebake.dev/run': 'run-1', Name: 'prebake builder' },
  amiId: 'ami-0123456789abcdef0',
  instanceType: 'm6i.2xlarge',
  subnetId: 'subnet-0123456789abcdef0',
  securityGroupIds: ['sg-0123456789abcdef0'],
  instanceProfile: 'prebake-builder',
  publicAddress: true,
  userData: '[settings.host-containers.admin]\nenabled = true\n[settings.kubernetes]\nhostname-override-source = "instance-id"\n',
  dataVolume: { sizeGiB: 150, iops: 4000, throughput: 1000 },
}
