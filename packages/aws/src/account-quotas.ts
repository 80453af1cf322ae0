import type { AccountQuotas, VcpuQuota } from '@prebake/preflight'
import { call, onErrorCode } from './call.ts'
import type { Clients } from './clients.ts'

/** Codes of `Running On-Demand G and VT instances`, `Running On-Demand P instances` and of the same for Spot requests, as Service Quotas lists them for EC2. */
const codes: Readonly<Record<VcpuQuota, string>> = {
  'on-demand G': 'L-DB2E81BA',
  'on-demand P': 'L-417A185B',
  'spot G': 'L-3819A6DF',
  'spot P': 'L-7212CCBC',
}

/** What Service Quotas says of one account and region. */
export function createAccountQuotas({ quotas }: Pick<Clients, 'quotas'>): AccountQuotas {
  return {
    async vcpus(quota, signal) {
      const [client, { GetServiceQuotaCommand }] = await Promise.all([quotas(), import('@aws-sdk/client-service-quotas')])
      const command = new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: codes[quota] })
      const answer = await call('servicequotas:GetServiceQuota', signal, (options) => client.send(command, options)).catch(
        onErrorCode(['NoSuchResourceException'], undefined),
      )
      return answer?.Quota?.Value
    },
  }
}
