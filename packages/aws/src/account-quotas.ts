import type { AccountQuotas, VcpuQuota } from '@prebake/preflight'
import { call, onErrorCode } from './call.ts'
import type { Clients } from './clients.ts'

/** Codes of `Running On-Demand G and VT instances`, `Running On-Demand P instances` and of the same for Spot requests in Service Quotas. */
const codes: Readonly<Record<VcpuQuota, string>> = {
  'on-demand G': 'L-DB2E81BA',
  'on-demand P': 'L-417A185B',
  'spot G': 'L-3819A6DF',
  'spot P': 'L-7212CCBC',
}

/** The quotas of one account and region, from Service Quotas. */
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
