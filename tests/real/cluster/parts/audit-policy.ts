/** audit.k8s.io/v1, in JSON: each request of `user`, and whatever gives a pod its status, with what it said. Nothing else, since writing costs time. */
export function auditPolicy(user: string): string {
  return JSON.stringify({
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'Metadata', users: [user] },
      { level: 'Request', verbs: ['patch', 'update'], resources: [{ group: '', resources: ['pods/status'] }] },
      { level: 'None' },
    ],
  })
}
