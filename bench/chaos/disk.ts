import { execFileSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'

/** A disk in memory whose size is changed while it is used. */
export type Disk = Disposable & { path: string; fill(): void; free(): void }

const TRIES = 20

/** Mounts a disk of so many megabytes on a folder; it takes memory for what is written alone. */
export function mountDisk(path: string, megabytes: number): Disk {
  mkdirSync(path, { recursive: true })
  const size = `size=${megabytes}m`
  execFileSync('mount', ['-t', 'tmpfs', '-o', `${size},mode=755`, 'titian-chaos', path])
  return {
    path,
    /** Shrinks the disk to what it holds: the next page that is wanted finds no room. */
    fill() {
      for (let tried = 1; ; tried++) {
        const { blocks, bfree, bsize } = statfsSync(path)
        try {
          execFileSync('mount', ['-o', `remount,size=${(blocks - bfree) * bsize}`, path], { stdio: 'ignore' })
          return
        } catch (error) {
          // It grew between the two looks.
          if (tried === TRIES) throw error
        }
      }
    },
    free: () => void execFileSync('mount', ['-o', `remount,${size}`, path]),
    [Symbol.dispose]: () => void execFileSync('umount', ['-l', path]),
  }
}
