import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockFolder } from '../../../src/io/local/folder-lock.ts'
import { bindMount, describeWithMounts, smallDisk } from '../../support/small-disk.ts'

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'titian-lock-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const LOCK = join(import.meta.dirname, '..', '..', '..', 'src', 'io', 'local', 'folder-lock.ts')

/** Tries to lock a folder from another process and gives what it said; `under` is a command to run it under. */
function tryLock(folder: string, under: readonly string[] = []): string {
  const script = `const { lockFolder } = await import(${JSON.stringify(LOCK)})
    console.log(await lockFolder(${JSON.stringify(folder)}).then(() => 'locked', (error) => error.message))
    process.exit()`
  const [command = '', ...args] = [...under, process.execPath, '--input-type=module', '-e', script]
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

describe('the lock of a data folder', () => {
  it('refuses a second one and says who has it', async () => {
    await using folder = await temporaryFolder()
    const lock = await lockFolder(folder.path)
    expect(tryLock(folder.path)).toContain(
      `another titian runs on ${folder.path} (process ${process.pid} on ${hostname()}`,
    )
    await expect(lockFolder(folder.path)).rejects.toMatchObject({ code: 'server-unsafe' })
    await lock[Symbol.asyncDispose]()
    expect(tryLock(folder.path)).toBe('locked')
  })

  it('is gone with the process that had it', async () => {
    await using folder = await temporaryFolder()
    for (let i = 0; i < 2; i++) expect(tryLock(folder.path)).toBe('locked')
  })

  it('names a folder that cannot be used in one sentence', async () => {
    await expect(lockFolder('/dev/null/data')).rejects.toThrow(/^the data folder .* cannot be used: .*$/)
  })
})

describeWithMounts('the lock of a data folder', () => {
  it('holds on every path to the folder, and in other network and process namespaces', async () => {
    await using folder = await temporaryFolder()
    await using other = bindMount(folder.path)
    const lock = await lockFolder(folder.path)
    expect(tryLock(other.path)).toContain('another titian runs')
    expect(tryLock(other.path, ['unshare', '--net', '--pid', '--fork', '--ipc'])).toContain('another titian runs')
    await lock[Symbol.asyncDispose]()
  })

  it('is taken on a disk that is full', async () => {
    await using disk = smallDisk(1)
    await (await lockFolder(disk.path))[Symbol.asyncDispose]()
    await disk.fill()
    const lock = await lockFolder(disk.path)
    expect(tryLock(disk.path)).toContain('another titian runs')
    await lock[Symbol.asyncDispose]()
  })

  it('is refused with one sentence on a read-only disk', async () => {
    await using disk = smallDisk(1)
    execFileSync('mount', ['-o', 'remount,ro', disk.path])
    await expect(lockFolder(disk.path)).rejects.toThrow(/^the data folder .* cannot be used: .*$/)
  })
})
