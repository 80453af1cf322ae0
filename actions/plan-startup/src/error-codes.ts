/** Codes of problems with this action's own inputs, and what each means; docs/errors.md lists them. */
export const planErrors = {
  'plan-size-missing': 'Neither `model-gb` nor `snapshot-id` is given, or the snapshot does not say how large it is.',
  'plan-snapshot-missing': 'The account has no such snapshot in the region.',
  'instance-type-not-known': '`instance-type` is not in the table of GPU types, and `ebs-bandwidth-mbps` is not given.',
  'plan-volume-too-small': 'What is baked or pulled does not fit on a volume of `volume-size`.',
  'plan-refused-by-ebs': 'EBS would refuse the given volume settings.',
} as const

export type PlanErrorCode = keyof typeof planErrors
