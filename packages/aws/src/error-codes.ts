/** Codes of errors of AWS, and what each means; docs/errors.md lists them. `ServiceError.code` has the code that AWS itself sent. */
export const awsErrors = {
  'aws-region-malformed': '`aws-region` is missing or is not the name of a region.',
  'aws-credentials-missing': 'The SDK finds no usable credentials.',
  'aws-credentials-expired': 'The credentials expired during the run.',
  'aws-credentials-refused': 'AWS does not accept the credentials.',
  'aws-access-denied': 'The role lacks a permission. The hint has the IAM statement to add.',
  'aws-region-disabled': 'The region or the service is not enabled for the account.',
  'aws-quota-exceeded': 'A quota of the account is used up.',
  'aws-capacity-missing': 'AWS has no capacity for this instance type or volume in this zone.',
  'aws-throttled': 'AWS limits the rate of requests of the account.',
  'aws-unavailable': 'AWS has a fault.',
  'aws-not-reached': 'There was no response from AWS.',
  'aws-response-unreadable': 'A response is incomplete or does not come from AWS.',
  'aws-request-failed': 'AWS refused a request for another reason. The message quotes it.',
  'cluster-not-found': 'The account has no EKS cluster of this name in the region.',
  'cluster-not-active': 'The EKS cluster has no API endpoint yet, or is being deleted.',
  'instance-type-unknown': 'The region does not have this instance type.',
  'subnet-not-found': 'The account has no such subnet in the region.',
  'subnet-missing': '`subnet-id` is not given, and there is no usable default subnet.',
  'data-volume-missing': 'The builder has no data volume.',
  'bottlerocket-image-missing': 'The region has no Bottlerocket image of these versions.',
  'launch-refused': 'EC2 refuses to launch the builder because of an input.',
} as const

export type AwsErrorCode = keyof typeof awsErrors
