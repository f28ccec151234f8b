import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../../src/io/local/port.ts'
import { readSection } from '../../support/readme.ts'
import { until } from '../../support/running.ts'
import { dataFolder, type Run, runTitian } from '../../support/titian.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const LONG = 180_000

/** The block of the README, in pieces that stand apart by an empty line: the first says how the others call. */
const [SETUP = '', ...CALLS] = (readSection('curl', { page: 'README.md' }) ?? '')
  .replace(/^```.*\n/gm, '')
  .split('\n\n')

let data: Awaited<ReturnType<typeof dataFolder>>
let up: Run
let port: number

/** What a piece prints when it is pasted into a terminal, but for the address and the folder of this test. */
async function paste(piece: string): Promise<string> {
  const script = `${SETUP}\n${piece}`
    .replaceAll('http://127.0.0.1:8080', `http://127.0.0.1:${port}`)
    .replaceAll('./.titian/', `${data.path}/`)
  const env = { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}` }
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env })
  return stdout
}

const call = (words: string) => CALLS.find((piece) => piece.includes(words)) ?? `echo "no piece says ${words}"; exit 1`

/** Skipped, by name, where there is no curl; TITIAN_NO_SKIP makes it fail instead. */
const describeWithCurl = describe.skipIf(
  process.env.TITIAN_NO_SKIP !== '1' && spawnSync('curl', ['--version']).error !== undefined,
)

describeWithCurl('the curl commands of the README', () => {
  beforeAll(async () => {
    data = await dataFolder()
    port = await freePort()
    up = runTitian(['up', '--data', data.path, '--port', String(port)])
    await up.line
  }, LONG)
  afterAll(async () => {
    up.child.kill('SIGTERM')
    await up.ended
    await data[Symbol.asyncDispose]()
  }, LONG)

  it('push a batch, which is taken', async () => {
    expect(await paste(call('# push a batch'))).toMatch(/^HTTP\/1\.1 202 /)
  })

  it('give the same batch for the same key and body', async () => {
    expect(await paste(call('# push a batch'))).toMatch(/^HTTP\/1\.1 200 /)
  })

  it(
    'tell what became of it, to the single record',
    async () => {
      let said = ''
      await until(async () => {
        said = await paste(call('# what became of it'))
        return said.includes('"settled"')
      }, 60)
      expect(said).toContain('"received":447')
      expect(said).toContain('line,')
      expect(said).toContain('"entries":[{"batch":"bat_')
    },
    LONG,
  )

  it('check a body without keeping it', async () => {
    expect(JSON.parse(await paste(call('# try without')))).toMatchObject({ received: 447 })
  })

  it('find that the sums close', async () => {
    expect(JSON.parse(await paste(call('# do the sums')))).toMatchObject({ gap: 0 })
  })

  it('show BPS the feed', async () => {
    const { deliveries } = JSON.parse(await paste(call('# BPS, if it pulls')))
    expect(deliveries).toHaveLength(1)
  })
})
