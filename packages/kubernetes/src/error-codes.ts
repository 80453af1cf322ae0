/** Codes of errors of the cluster's API server and of its kubeconfig, and what each means; docs/errors.md lists them. */
export const clusterErrors = {
  'cluster-given-twice': '`cluster-name` and `kubeconfig` are both given.',
  'kubeconfig-unreadable': 'The kubeconfig file is missing, cannot be read, or is not decoded.',
  'kubeconfig-malformed': 'The kubeconfig is not valid YAML, or its current context is incomplete.',
  'cluster-credentials-failed': 'The credentials of the kubeconfig or of EKS could not be loaded.',
  'cluster-not-reached': 'There was no connection to the API server. The hint names the likely reason.',
  'cluster-not-responding': 'The API server was reached but did not respond in time, or the connection broke.',
  'cluster-proxy-refused': 'The proxy refused to connect to the API server.',
  'cluster-certificate-untrusted': "The API server's certificate is not signed by the CA of the cluster.",
  'cluster-token-malformed': 'The token in the kubeconfig contains invalid characters.',
  'cluster-login-refused': 'The API server does not accept the credentials.',
  'cluster-permission-missing': 'RBAC or an admission rule denies the request. The hint names the verb and the resource.',
  'object-not-found': 'The API server does not have the object or its namespace.',
  'object-conflict': 'Another field manager owns fields of the manifest, or the object changed at the same time.',
  'object-invalid': 'The API server rejects the object.',
  'kind-not-served': 'The API server does not serve the kind; perhaps its CRD is not installed.',
  'pod-not-reached': 'The port-forward to a pod failed, or nothing listens on the port.',
  'pod-refused': "A pod's server refused a request, or its answer is not the one of an OpenAI-compatible server.",
  'cluster-unavailable': 'The API server has a fault or limits the rate of requests.',
  'cluster-request-failed': 'The API server refused a request for another reason. The message quotes it.',
  'cluster-response-malformed': 'A response is cut or is not JSON, so it may not come from an API server.',
  'cluster-response-too-large': 'A response of the API server is larger than its limit.',
} as const

export type ClusterErrorCode = keyof typeof clusterErrors
