import type { SnapshotPointer } from '@prebake/snapshot-record'

export const memoryPointer = (value?: string): SnapshotPointer & { value: string | undefined } => ({
  title: 'the pointer',
  outlivesRunner: true,
  value,
  probe: () => Promise.resolve(),
  read() {
    return Promise.resolve(this.value)
  },
  write(next) {
    this.value = next
    return Promise.resolve()
  },
})
