/** As much of IAM's policy language as the shipped policies use (IAM User Guide, "Policy evaluation logic"): everything that nothing allows is denied. */
export interface Policy {
  readonly Statement: readonly Statement[]
}

interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** What a request asks IAM for: one of these for each resource that it touches. */
export interface Demand {
  readonly action: string
  readonly resource: string
  /** Condition keys and their values. */
  readonly context: Readonly<Record<string, string | readonly string[]>>
}

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value)

export const actionsOf = (policy: Policy): readonly string[] =>
  [...new Set(policy.Statement.flatMap(({ Action }) => listOf(Action)))].toSorted()

/** The statements that allow it, by their Sid. */
export function allowedBy(policy: Policy, { action, resource, context }: Demand): readonly string[] {
  return policy.Statement.filter(
    (statement) =>
      listOf(statement.Action).includes(action) &&
      listOf(statement.Resource).some((pattern) => matches(pattern, resource)) &&
      Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], listOf(wanted))),
      ),
  ).map(({ Sid }) => Sid)
}

function holds(operator: string, given: string | readonly string[] | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'Null':
      return String(given === undefined) === wanted[0]
    case 'StringEquals':
      return typeof given === 'string' && wanted.includes(given)
    case 'ForAllValues:StringEquals':
      return listOf(given ?? []).every((each) => wanted.includes(each))
    default:
      throw new Error(`The condition operator ${operator} is not known here.`)
  }
}

function matches(pattern: string, resource: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`).test(resource)
}
