/** One of EC2's quotas on GPU instances: a purchase option, and all families that begin with this letter together. */
export type VcpuQuota = 'on-demand G' | 'on-demand P' | 'spot G' | 'spot P'

/** Where an account's quotas are looked up. */
export interface AccountQuotas {
  /** How many vCPUs may run at once in the region; undefined when the account has no such quota. @throws ServiceError when it cannot be looked up. */
  vcpus(quota: VcpuQuota, signal: AbortSignal): Promise<number | undefined>
}
