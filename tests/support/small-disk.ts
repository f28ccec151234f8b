import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'

/** Whether this process may mount; CI sets TITIAN_NO_SKIP, so that a machine where it may not fails instead. */
const CAN_MOUNT = process.env.TITIAN_NO_SKIP === '1' || mayMount()

/** A suite that is reported as skipped, by name, where nothing can be mounted. */
export const describeWithMounts = describe.skipIf(!CAN_MOUNT)

/** A disk of its own of so many megabytes, mounted on a folder that is made for it. */
export function smallDisk(megabytes: number, path = mkdtempSync(join(tmpdir(), 'titian-disk-'))) {
  mkdirSync(path, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'titian-test', path])
  const filler = join(path, 'filler')
  return {
    path,
    /** Writes until nothing more fits. */
    async fill(): Promise<void> {
      const piece = Buffer.alloc(64 * 1024)
      for (let size = piece.length; size >= 1; ) {
        await writeFile(filler, piece.subarray(0, size), { flag: 'a' }).catch(() => {
          size = Math.floor(size / 2)
        })
      }
    },
    /** Makes room again. */
    free: () => rm(filler, { force: true }),
    [Symbol.asyncDispose]: async () => unmount(path),
  }
}

/** The same folder under another path, as a container sees it. */
export function bindMount(folder: string) {
  const path = mkdtempSync(join(tmpdir(), 'titian-bind-'))
  execFileSync('mount', ['--bind', folder, path])
  return { path, [Symbol.asyncDispose]: async () => unmount(path) }
}

function unmount(path: string): void {
  // Lazily: a process of a test that failed may still be at work there.
  execFileSync('umount', ['-l', path])
  rmdirSync(path)
}

function mayMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'titian-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'titian-test', path], { stdio: 'ignore' })
    unmount(path)
    return true
  } catch {
    rmdirSync(path)
    return false
  }
}
