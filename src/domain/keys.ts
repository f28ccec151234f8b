/** What a blind index of an entry's own key is made of; platform and dataset names hold no `|`, so no two keys collide. */
export function entryKey(platform: string, dataset: string, key: string): string {
  return `${platform}|${dataset}|entry|${key}`
}

/** What a blind index of a source record's key is made of: the platform's own key of a subject within a dataset. */
export function sourceKey(platform: string, dataset: string, level: 'keluarga' | 'individu', key: string): string {
  return `${platform}|${dataset}|${level}|${key}`
}

/** What a blind index of a household is made of: its key in a space that some datasets of the platform share. */
export function householdKey(platform: string, { scheme, key }: { scheme: string; key: string }): string {
  return `${platform}|${scheme}|${key}`
}
