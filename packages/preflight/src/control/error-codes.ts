/** Codes of what keeps a control without the snapshot from being derived, and what each means; docs/errors.md lists them. */
export const controlErrors = {
  'control-without-model': 'A control is to be derived, and the snapshot does not say which model of the hub it has.',
  'control-volume-missing': 'A control is to be derived, and no EC2NodeClass among the manifests has a volume from the snapshot.',
  'control-model-not-served': 'A control is to be derived, and the pod does not serve the model of the snapshot, or not from its folder.',
  'control-path-left':
    'A control is to be derived, and the path of the baked model stands where nothing can be written in its place: in a script, in a variable, or as a part of another path.',
} as const

export type ControlErrorCode = keyof typeof controlErrors
