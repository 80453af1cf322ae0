import { region } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import { bottlerocketReleases, machineImages } from '../images.ts'
import { epochSeconds, requiredString, type JsonObject } from './json.ts'

const latest = bottlerocketReleases.at(-1)?.version

/**
 * A public parameter of Bottlerocket: `/aws/service/bottlerocket/<variant>/<architecture>/<latest | version>/<image_id | image_version>`
 * (Bottlerocket's website, "Finding an AMI"). The version is short (`1.57.0`) or full (`1.57.0-b1e29d64`).
 * @throws AwsError ParameterNotFound, which comes without a message.
 */
export function getParameter(input: JsonObject): JsonObject {
  const name = requiredString(input, 'Name')
  const [variant, architecture, version, what, ...rest] = name.replace('/aws/service/bottlerocket/', '').split('/')
  const image = machineImages.find(
    (candidate) =>
      candidate.variant === variant &&
      candidate.architecture === architecture &&
      (version === candidate.bottlerocketVersion ||
        version === candidate.imageVersion ||
        (version === 'latest' && candidate.bottlerocketVersion === latest)),
  )
  const value = what === 'image_id' ? image?.imageId : what === 'image_version' ? image?.imageVersion : undefined
  if (!name.startsWith('/aws/service/bottlerocket/') || image === undefined || value === undefined || rest.length > 0) {
    throw new AwsError('ParameterNotFound', '')
  }
  return {
    Parameter: {
      Name: name,
      Type: 'String',
      Value: value,
      Version: 1,
      LastModifiedDate: epochSeconds(new Date(image.creationDate)),
      ARN: `arn:aws:ssm:${region}::parameter${name}`,
      DataType: 'text',
    },
  }
}
