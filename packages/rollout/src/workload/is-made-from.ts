import { isDeepStrictEqual } from 'node:util'
import { fieldsOf, listAt, readField, specOf, textAt, textsByName, type Fields, type KubernetesObject } from '@prebake/manifests'

/**
 * Whether a pod is of a template, where its controller marks it with nothing that says so: it has the template's containers with their image, command,
 * arguments and environment, and selects the same nodes. What controllers and webhooks add to a pod does not count.
 */
export function isMadeFrom(pod: KubernetesObject, template: Fields): boolean {
  const spec = specOf(pod)
  const selected = textsByName(spec['nodeSelector'])
  return (
    Object.entries(textsByName(template['nodeSelector'])).every(([key, value]) => selected[key] === value) &&
    listAt(template, 'containers').every((wanted) => listAt(spec, 'containers').some((container) => matches(container, wanted)))
  )
}

function matches(container: unknown, wanted: unknown): boolean {
  const given = fieldsOf(wanted)
  const same = (field: string) => given[field] === undefined || isDeepStrictEqual(readField(container, field), given[field])
  const environment = listAt(container, 'env')
  return (
    textAt(container, 'name') === textAt(wanted, 'name') &&
    ['image', 'command', 'args'].every(same) &&
    listAt(wanted, 'env').every((entry) => environment.some((each) => isDeepStrictEqual(each, entry)))
  )
}
