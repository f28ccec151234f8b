import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from '../../src/io/local/port.ts'
import { titian } from '../support/command.ts'
import { freshDatabase } from '../support/database.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

it('processes on an older copy do not start while the receiver knows more, and do after titian restore', {
  timeout: 600_000,
}, async () => {
  await using stack = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'titian-copy-'))
  stack.defer(() => rm(data, { recursive: true }))
  await using system = await startSystem()
  // A copy of the same template, as if it had been made before the first push; no data folder knows of any.
  await using older = await freshDatabase()
  await system.start('serve')
  await system.start('receiver')
  await system.start('work')
  const carik = system.as('carik-jakarta')
  const { batch } = await carik.push('carik', 'once', carikPayload(30))
  await carik.settled(batch.id)
  await carik.close()
  const onCopy = { DATABASE_URL: older.url, PORT: String(await freePort()), TITIAN_DATA: data }
  await expect(system.start('serve', onCopy)).rejects.toThrow(/the receiver has dlv_.*titian restore/)
  await expect(system.start('work', onCopy)).rejects.toThrow(/the receiver has dlv_.*titian restore/)
  const env = { DATABASE_URL: older.url, DATABASE_OWNER_URL: older.ownerUrl }
  expect((await titian(['restore', '--data', data], env)).code).toBe(0)
  const started = [await system.start('serve', onCopy), await system.start('work', onCopy)]
  await Promise.all(started.map((child) => child.stop()))
})
