import type { Stats } from 'node:fs'

/**
 * What is wrong with who may read or change a ring: nobody but its owner, and a group of ours may read it, as secrets are
 * mounted for a process that is not root (`0440`, `fsGroup`).
 */
export function rightsFault({ mode, gid }: Pick<Stats, 'mode' | 'gid'>): string | undefined {
  // Windows has no such bits and reports them as set.
  if (process.platform === 'win32') return undefined
  const help = 'chmod 600 it, give it to a group of this process with mode 440, or pass its content in KEYS'
  if ((mode & 0o007) !== 0) return `is open to other users: ${help}`
  if ((mode & 0o030) !== 0) return `can be changed or run by its group: ${help}`
  const groups = [process.getegid?.() ?? -1, ...(process.getgroups?.() ?? [])]
  if ((mode & 0o040) !== 0 && !groups.includes(gid))
    return `is open to group ${gid}, which this process is not in: ${help}`
  return undefined
}
