/**
 * US dollars an hour, on demand, Linux, us-east-1: karpenter-provider-aws 1.14.0, pkg/providers/pricing/zz_generated.pricing_aws.go (2026-07-06), which
 * Karpenter takes where it may not ask AWS. Instance types with NVIDIA GPUs that serve models.
 */
const onDemand: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  g4dn: { xlarge: 0.53, '2xlarge': 0.75, '4xlarge': 1.2, '8xlarge': 2.18, '12xlarge': 3.91, '16xlarge': 4.35, metal: 7.82 },
  g5: {
    xlarge: 1.01,
    '2xlarge': 1.21,
    '4xlarge': 1.62,
    '8xlarge': 2.45,
    '16xlarge': 4.1,
    '12xlarge': 5.67,
    '24xlarge': 8.14,
    '48xlarge': 16.29,
  },
  g6: {
    xlarge: 0.8,
    '2xlarge': 0.98,
    '4xlarge': 1.32,
    '8xlarge': 2.01,
    '16xlarge': 3.4,
    '12xlarge': 4.6,
    '24xlarge': 6.68,
    '48xlarge': 13.35,
  },
  g6e: {
    xlarge: 1.86,
    '2xlarge': 2.24,
    '4xlarge': 3.0,
    '8xlarge': 4.53,
    '16xlarge': 7.58,
    '12xlarge': 10.49,
    '24xlarge': 15.07,
    '48xlarge': 30.13,
  },
  g7e: { '2xlarge': 3.36, '4xlarge': 4.0, '8xlarge': 5.27, '12xlarge': 8.29, '24xlarge': 16.57, '48xlarge': 33.14 },
  gr6: { '4xlarge': 1.54, '8xlarge': 2.45 },
  p4d: { '24xlarge': 21.96 },
  p4de: { '24xlarge': 27.45 },
  p5: { '4xlarge': 6.88, '48xlarge': 55.04 },
  p5en: { '48xlarge': 63.3 },
}

/** The list price of an instance type, as a size of what a node costs: another region, Spot or a contract differ. Undefined where it is not known. */
export function dollarsPerHour(instanceType: string): number | undefined {
  const [family = '', size = ''] = instanceType.split('.')
  return onDemand[family]?.[size]
}
