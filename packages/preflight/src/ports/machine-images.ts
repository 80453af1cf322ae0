/** Where public machine images are looked up. */
export interface MachineImages {
  readonly region: string
  /**
   * The ID in a public SSM parameter, `/aws/service/bottlerocket/aws-k8s-1.36-nvidia/x86_64/1.69.0/image_id`; undefined where there is none.
   * @throws ServiceError when it cannot be looked up.
   */
  find(parameter: string, signal: AbortSignal): Promise<string | undefined>
}
