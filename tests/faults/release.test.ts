import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

const FAMILIES = 200

describe('a gateway that dies while it releases a batch', () => {
  it('has released nothing; the next order releases all, and nothing is lost or doubled', async () => {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'titian-release-'))
    stack.defer(() => rm(folder, { recursive: true }))
    const villages = join(folder, 'regions/villages.csv')
    await mkdir(join(folder, 'regions'))
    const whole = await readFile('src/registry/regions/villages.csv', 'utf8')
    const south = (line: string) => line.startsWith('3171')
    await writeFile(
      villages,
      whole
        .split('\n')
        .filter((line) => !south(line))
        .join('\n'),
    )

    const system = stack.use(await startSystem({ settings: { TITIAN_REGISTRY: folder } }))
    let gateway = await system.start('serve')
    await system.start('receiver')
    let worker = await system.start('work')
    const carik = system.as('carik-jakarta')
    stack.defer(() => carik.close())
    const { batch } = await carik.push('carik', 'once', carikPayload(FAMILIES))
    const before = await carik.settled(batch.id)
    expect(before.counts.held).toBeGreaterThan(10)
    expect(before.counts.held).toBeLessThan(FAMILIES)

    // The list of villages is mended, and everything is started again to read it.
    await writeFile(villages, whole)
    await Promise.all([system.kill(gateway), system.kill(worker)])
    gateway = await system.start('serve', { CRASH_AT: 'release:before-commit:1' })
    const dying = system.as('ops')
    stack.defer(() => dying.close())
    const order = dying.post<{ released: number }>(`/v1/batches/${batch.id}/release`)
    await gateway.ended
    expect(gateway.signal()).toBe('SIGKILL')

    await system.start('serve')
    const held = await carik.get<{ counts: { held: number; pending: number }; gap: number }>(`/v1/batches/${batch.id}`)
    expect(held.gap).toBe(0)
    // The client resumes by itself; whether this look came before or after, an entry is held or pending.
    expect(held.counts.held + held.counts.pending).toBe(before.counts.held)
    expect((await order).released).toBe(before.counts.held)
    worker = await system.start('work')
    const after = await carik.settled(batch.id)
    expect(after.counts).toMatchObject({ received: FAMILIES, new: FAMILIES, held: 0, pending: 0 })
    expect(await judge(system, new Map([[batch.id, FAMILIES]]))).toMatchObject(FLAWLESS)
  }, 600_000)
})
