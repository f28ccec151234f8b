import { chmodSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLines } from '../../../src/io/observe/line-file.ts'
import { openLog } from '../../../src/io/observe/log.ts'
import { describeWithMounts, smallDisk } from '../../support/small-disk.ts'

describeWithMounts('a log on a disk that is full', () => {
  it('loses lines, says how many when there is room again, and ends nothing', async () => {
    await using disk = smallDisk(1)
    const file = join(disk.path, 'folder', 'gateway.log')
    const log = openLog({ LOG_LEVEL: 'info', LOG_FILE: file }, 'gateway')
    log.info('before')
    await disk.fill()
    for (let i = 0; i < 100; i++) log.info({ i }, 'x'.repeat(200))
    await disk.free()
    log.info('after')
    const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean)
    const whole = lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as { msg?: string; lost?: number }]
      } catch {
        return []
      }
    })
    expect([whole[0]?.msg, whole.at(-1)?.msg]).toEqual(['before', 'after'])
    expect(whole.find(({ lost }) => lost !== undefined)?.lost).toBeGreaterThan(50)
  })

  it('is opened when there is room, if there was none at the start', async () => {
    await using disk = smallDisk(1)
    await disk.fill()
    const file = join(disk.path, 'late', 'worker.log')
    const lines = openLines(file)
    lines.write('lost\n')
    await disk.free()
    lines.write('kept\n')
    expect(await readFile(file, 'utf8')).toMatch(/kept\n$/)
  })
})

it('a log that can never be opened is refused with one sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'titian-log-'))
  chmodSync(folder, 0o700)
  openLines(join(folder, 'plain'))
  expect(() => openLines(join(folder, 'plain', 'below.log'))).toThrow(/^the log .* cannot be written: /)
  expect(() => openLines(folder)).toThrow(/cannot be written: it is a folder$/)
  await rm(folder, { recursive: true })
})
