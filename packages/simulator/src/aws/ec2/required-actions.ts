import { structure, structures, type QueryParameters } from './query-parameters.ts'

/**
 * The IAM actions that EC2 asks for before it carries out a request (Service Authorization Reference, "Actions defined by Amazon EC2"): what tags
 * at creation needs `ec2:CreateTags` too, and whoever gives an instance a role needs `iam:PassRole`.
 */
export function requiredActions(operation: string, parameters: QueryParameters): readonly string[] {
  const tags = structures(parameters, 'TagSpecification').length > 0
  const passesRole = operation === 'RunInstances' && structure(parameters, 'IamInstanceProfile') !== undefined
  return [`ec2:${operation}`, ...(tags ? ['ec2:CreateTags'] : []), ...(passesRole ? ['iam:PassRole'] : [])]
}
