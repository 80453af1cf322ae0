/** Every snapshot ID in a text, each once. An ID has 17 hex digits, or 8 in old accounts (EC2 user guide, "Resource IDs"). */
export function snapshotIdsIn(text: string): readonly string[] {
  return [...new Set(text.match(/snap-[0-9a-f]{8,17}/g))]
}
