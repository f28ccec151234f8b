import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openPullFolder } from '../../../src/cli/pull/folder.file.ts'
import type { FeedEntry } from '../../../src/cli/pull/verify.ts'

it.skipIf(process.platform === 'win32')('pulled deliveries are of their owner alone, whatever the umask', async () => {
  const base = await mkdtemp(join(tmpdir(), 'titian-folder-'))
  const before = process.umask(0)
  try {
    const path = join(base, 'pulled')
    const folder = await openPullFolder(path)
    const entry = { position: '1', manifest: { delivery: 'dlv_1', digest: '' } } as FeedEntry
    await folder.store(entry, Buffer.from('a line'))
    await folder.note({ after: '1' })
    const names = await readdir(path)
    expect(names).toHaveLength(3)
    for (const name of ['.', ...names]) expect([name, (await stat(join(path, name))).mode & 0o077]).toEqual([name, 0])
  } finally {
    process.umask(before)
    await rm(base, { recursive: true })
  }
})
