/**
 * Begins the command line of a program that gets a network of its own, with nothing but `lo`, and that ends with everything it started: Karpenter listens on
 * all interfaces, and what it takes for AWS must not be the real one. Needs root.
 */
export const isolated: readonly string[] = [
  // Its processes end with this one, also when this one is killed.
  ...['setpriv', '--pdeathsig', 'KILL', 'unshare', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
  // A shell as the first process: it reaps what loses its parent.
  ...['sh', '-c', 'ip link set lo up && "$@"; exit $?', 'sh'],
]
