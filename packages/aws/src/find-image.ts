import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm'
import { InputError, ServiceError } from '@prebake/kernel'
import type { Architecture, BuilderImage } from '@prebake/snapshot'
import { requireField, call } from './call.ts'
import type { AwsErrorCode } from './error-codes.ts'

export interface WantedImage {
  /** `1.34` */
  readonly kubernetesVersion: string
  /** `latest`, `1.57.0` or `v1.57.0` */
  readonly bottlerocketVersion: string
  readonly architecture: Architecture
}

/**
 * Reads Bottlerocket's public parameters (`/aws/service/bottlerocket/<variant>/<architecture>/<version>/…`). The variant is the standard
 * one, also for GPU nodes: the nvidia variant has failing units on a machine without a GPU, and the data volume is the same.
 * @throws InputError if no such image is published in this region
 */
export async function findImage(ssm: SSMClient, wanted: WantedImage, signal: AbortSignal): Promise<BuilderImage> {
  const folder = `/aws/service/bottlerocket/aws-k8s-${wanted.kubernetesVersion}/${wanted.architecture}`
  const read = async (name: string) => {
    try {
      const command = new GetParameterCommand({ Name: name })
      const { Parameter } = await call('ssm:GetParameter', signal, (options) => ssm.send(command, options))
      return requireField(Parameter?.Value, 'GetParameter', 'value')
    } catch (error) {
      throw isUnknown(error) ? notPublished(wanted, name, error) : error
    }
  }
  // `1.57.0-ab12cd34`. Read first, so that the ID belongs to this version even if a release moves `latest` in between.
  const version = (await read(`${folder}/${wanted.bottlerocketVersion.replace(/^v/, '')}/image_version`)).replace(/-.*/, '')
  return { amiId: await read(`${folder}/${version}/image_id`), bottlerocketVersion: version }
}

function isUnknown(error: unknown): error is ServiceError {
  // SSM calls a name with forbidden characters invalid, not unknown.
  return error instanceof ServiceError && ['ParameterNotFound', 'ValidationException'].includes(error.code)
}

function notPublished(wanted: WantedImage, name: string, cause: ServiceError): InputError {
  const code = 'bottlerocket-image-missing' satisfies AwsErrorCode
  const where = `no Bottlerocket image is published at ${name} in this region.`
  return new InputError(
    [
      {
        code,
        input: 'kubernetes-version',
        wrong: `for "${wanted.kubernetesVersion}" ${where}`,
        remedy: 'Give the minor version of the cluster, such as 1.34. This release of Bottlerocket must support it.',
      },
      {
        code,
        input: 'bottlerocket-version',
        wrong: `for "${wanted.bottlerocketVersion}" ${where}`,
        remedy: 'Give `latest` or a release from https://github.com/bottlerocket-os/bottlerocket/releases.',
      },
    ],
    { cause },
  )
}
