import { execFileSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'

/** A folder; where this process may mount, on a disk in memory whose room can be taken away and given back. */
export type Disk = Disposable & { path: string; room: { take(): void; give(): void } | undefined }

const TRIES = 20

/** Mounts a disk of so many megabytes on a folder; it takes memory for what is written alone. */
export function openDisk(path: string, megabytes: number): Disk {
  mkdirSync(path, { recursive: true })
  const mount = (...options: string[]) => execFileSync('mount', [...options, path], { stdio: 'ignore' })
  const size = `size=${megabytes}m`
  try {
    mount('-t', 'tmpfs', '-o', `${size},mode=755`, 'titian-chaos')
  } catch {
    return { path, room: undefined, [Symbol.dispose]: () => undefined }
  }
  const room = {
    /** Shrinks the disk to what it holds: the next page that is wanted finds no room. */
    take() {
      for (let tried = 1; ; tried++) {
        const { blocks, bfree, bsize } = statfsSync(path)
        try {
          mount('-o', `remount,size=${(blocks - bfree) * bsize}`)
          return
        } catch (error) {
          // It grew between the look and the order.
          if (tried === TRIES) throw error
        }
      }
    },
    give: () => void mount('-o', `remount,${size}`),
  }
  return { path, room, [Symbol.dispose]: () => void execFileSync('umount', ['-l', path]) }
}
