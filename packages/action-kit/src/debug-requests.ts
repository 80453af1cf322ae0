import { onRequest, type Reporter } from '@prebake/kernel'

/** Shows each request of each adapter in the debug log: `POST ec2.us-west-2.amazonaws.com DescribeSnapshots: 200 in 41 ms`. */
export function debugRequests({ debug }: Pick<Reporter, 'debug'>): void {
  onRequest(({ method, host, operation, status, ms }) => debug(`${method} ${host} ${operation}: ${status ?? 'no answer'} in ${ms} ms`))
}
