/** The field that a finding's pointer names, whatever the place in a list: `/anggota/3/nik` is `/anggota/*\/nik`. */
export function fieldOf(path: string): string {
  return path.replace(/\/\d+(?=\/|$)/g, '/*')
}

/** Whether a pointer lies in a field that was asked for: by its whole name (`/anggota/*\/nik`), or by the last part alone (`nik`). */
export function isInField(path: string, wanted: string): boolean {
  const field = fieldOf(path)
  return field === wanted || (!wanted.startsWith('/') && field.split('/').at(-1) === wanted)
}
