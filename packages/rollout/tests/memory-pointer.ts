import type { SnapshotPointer } from '../src/index.ts'

export const memoryPointer = (value?: string): SnapshotPointer & { value: string | undefined } => ({
  title: 'the pointer',
  value,
  read() {
    return Promise.resolve(this.value)
  },
  write(next) {
    this.value = next
    return Promise.resolve()
  },
})
