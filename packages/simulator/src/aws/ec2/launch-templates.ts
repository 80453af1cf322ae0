import { callerArn } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import { newId, type Cloud } from '../cloud.ts'
import type { LaunchTemplate, LaunchTemplateVersion } from '../store.ts'
import { readDevices } from './own-images.ts'
import { requiredText, structure, text, texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf } from './select.ts'
import { date, list, type XmlContent } from './xml.ts'

const newest = ({ versions }: LaunchTemplate) => versions.at(-1)?.number ?? 0
/** The default version stays the first one; nothing here changes it. */
const isDefault = ({ number }: LaunchTemplateVersion) => number === 1

export function createLaunchTemplate(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const name = requiredText(parameters, 'LaunchTemplateName')
  if ([...cloud.store.launchTemplates.values()].some((each) => each.name === name)) {
    throw new AwsError('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.')
  }
  const template: LaunchTemplate = { launchTemplateId: newId(cloud, 'lt'), name, versions: [] }
  cloud.store.launchTemplates.set(template.launchTemplateId, template)
  addVersion(cloud, template, parameters)
  return { launchTemplate: present(template) }
}

export function createLaunchTemplateVersion(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const template = find(cloud, requiredText(parameters, 'LaunchTemplateId'))
  return { launchTemplateVersion: presentVersion(template, addVersion(cloud, template, parameters)) }
}

function addVersion(cloud: Cloud, template: LaunchTemplate, parameters: QueryParameters): LaunchTemplateVersion {
  const data = structure(parameters, 'LaunchTemplateData')
  if (data === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter LaunchTemplateData')
  const version = {
    number: newest(template) + 1,
    createTime: cloud.clock.now(),
    imageId: text(data, 'ImageId'),
    devices: readDevices(data),
  }
  template.versions.push(version)
  return version
}

export function describeLaunchTemplates(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const ids = texts(parameters, 'LaunchTemplateId')
  const asked = ids.length > 0 ? ids.map((id) => find(cloud, id)) : [...cloud.store.launchTemplates.values()]
  const valuesOf = ({ name }: LaunchTemplate) => ({ 'launch-template-name': [name] })
  const page = pageOf(parameters, filterBy(parameters, asked, valuesOf), { least: 1, most: 200 })
  return { launchTemplates: list(page.items, present), nextToken: page.nextToken }
}

/**
 * The versions of one launch template: all, or those asked for. Without a template the latest or default ones of all of them; numbers are then refused
 * (EC2 API reference, "DescribeLaunchTemplateVersions").
 */
export function describeLaunchTemplateVersions(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const id = text(parameters, 'LaunchTemplateId')
  const asked = texts(parameters, 'LaunchTemplateVersion')
  if (id === undefined && (asked.length === 0 || asked.some((version) => version !== '$Latest' && version !== '$Default'))) {
    throw new AwsError(
      'MissingParameter',
      'You must specify either a launch template ID, a launch template name, or the versions $Latest or $Default.',
    )
  }
  const templates = id === undefined ? [...cloud.store.launchTemplates.values()] : [find(cloud, id)]
  const names = (template: LaunchTemplate, version: LaunchTemplateVersion) => [
    String(version.number),
    ...(version.number === newest(template) ? ['$Latest'] : []),
    ...(isDefault(version) ? ['$Default'] : []),
  ]
  const found = templates.flatMap((template) =>
    template.versions
      .filter((version) => asked.length === 0 || names(template, version).some((name) => asked.includes(name)))
      .map((version) => ({ template, version })),
  )
  const page = pageOf(parameters, found, { least: 1, most: 200 })
  return {
    launchTemplateVersionSet: list(page.items, ({ template, version }) => presentVersion(template, version)),
    nextToken: page.nextToken,
  }
}

/** @throws AwsError InvalidLaunchTemplateId.NotFound. */
function find(cloud: Cloud, id: string): LaunchTemplate {
  const template = cloud.store.launchTemplates.get(id)
  if (template === undefined) {
    throw new AwsError('InvalidLaunchTemplateId.NotFound', `The specified launch template, with template ID ${id}, does not exist.`)
  }
  return template
}

function present(template: LaunchTemplate): XmlContent {
  return {
    launchTemplateId: template.launchTemplateId,
    launchTemplateName: template.name,
    createTime: date(template.versions[0]?.createTime ?? new Date(0)),
    createdBy: callerArn,
    defaultVersionNumber: 1,
    latestVersionNumber: newest(template),
  }
}

function presentVersion(template: LaunchTemplate, version: LaunchTemplateVersion): XmlContent {
  return {
    launchTemplateId: template.launchTemplateId,
    launchTemplateName: template.name,
    versionNumber: version.number,
    createTime: date(version.createTime),
    createdBy: callerArn,
    defaultVersion: isDefault(version),
    launchTemplateData: {
      imageId: version.imageId,
      blockDeviceMappingSet: list(version.devices, ({ deviceName, snapshotId }) => ({ deviceName, ebs: { snapshotId } })),
    },
  }
}
