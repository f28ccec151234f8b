import { hash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { Feed } from '../../src/forward/feed.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { type Run, runTitian } from '../support/titian.ts'
import { payloadOf } from './families.ts'

const FAMILIES = 200
const ROOFS = ['Genteng', 'Seng', 'Asbes']
const PULLERS = 3
const DEATHS = 8

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

it('hands every delivery to three pullers in the order of each subject, while four workers commit and pullers are killed', async () => {
  await using system = await startSystem({ settings: { FORWARD: 'pull' } })
  await system.start('serve')
  for (let i = 0; i < 4; i++) await system.start('work')
  const out = await mkdtemp(join(tmpdir(), 'titian-pullers-'))
  const secret = join(out, '.secret')
  await writeFile(secret, system.secret('bps'))
  const address = ['--url', system.url, '--client', 'bps', '--secret-file', secret]
  const start = () => runTitian(['pull', '--out', out, '--verify', '--follow', '--lease', '3', '--json', ...address])
  const pullers: Run[] = Array.from({ length: PULLERS }, start)
  const [region, bps] = [system.as('carik-jakarta'), system.as('bps')]
  try {
    const random = dice(12)
    const homes = [...families(FAMILIES)].map((line) => JSON.parse(line))
    const batches = await Promise.all(
      ROOFS.map((roof) =>
        region.push('carik', roof, payloadOf(homes.map((home) => JSON.stringify({ ...home, jenis_atap: roof })))),
      ),
    )
    const acknowledged = async () => {
      const query = '/v1/deliveries?state=acknowledged&limit=1000'
      return (await bps.get<Feed>(query)).deliveries.length
    }
    for (let deaths = 0; deaths < DEATHS; deaths++) {
      // Each death comes some deliveries after the one before, so that all of them fall into the work.
      const aim = Math.min((await acknowledged()) + Math.floor(random() * 3), FAMILIES / 25)
      await until(async () => (await acknowledged()) >= aim, 120)
      const at = Math.floor(random() * PULLERS)
      pullers[at]?.child.kill('SIGKILL')
      await pullers[at]?.ended
      pullers[at] = start()
    }
    let changed = 0
    for (const { batch } of batches) {
      const { counts } = await region.settled(batch.id)
      changed += counts.new + counts.updated
    }
    const feed = await feedOf(bps)
    const files = new Map((await readdir(out)).map((name) => [/dlv_[0-9a-z]+(?=\.ndjson)/.exec(name)?.[0], name]))
    const told = []
    for (const { position, manifest, state, acknowledged_at } of feed) {
      const bytes = await readFile(join(out, files.get(manifest.delivery) ?? 'missing'))
      expect([state, `sha-256=:${hash('sha256', bytes, 'base64')}:`]).toEqual(['acknowledged', manifest.digest])
      const lines = zstdDecompressSync(bytes)
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      told.push({ position: Number(position), at: acknowledged_at ?? '', lines })
    }
    const named = told.flatMap(({ lines }) => lines.flatMap(({ entries }) => entries.map(String)))
    expect([new Set(named).size, changed > FAMILIES]).toEqual([changed, true])
    // By the moment of acknowledgement, which is when the other side has it.
    told.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.position - b.position))
    const versions = new Map<string, number>()
    const disorder = told.flatMap(({ lines }) =>
      lines.filter(({ subject, version }) => {
        const before = versions.get(subject) ?? 0
        versions.set(subject, version)
        return version < before
      }),
    )
    expect(disorder).toEqual([])
    expect(Math.max(...versions.values())).toBeGreaterThan(1)
  } finally {
    for (const { child } of pullers) child.kill('SIGTERM')
    await Promise.all(pullers.map(({ ended }) => ended))
    await region.close()
    await bps.close()
    await rm(out, { recursive: true })
  }
}, 400_000)

async function feedOf(bps: { get<T>(path: string): Promise<T> }): Promise<Feed['deliveries']> {
  const all = []
  for (let after = '0'; ; ) {
    const page = await bps.get<Feed>(`/v1/deliveries?after=${after}&limit=1000`)
    if (page.deliveries.length === 0) return all
    all.push(...page.deliveries)
    after = page.next
  }
}
