import type pg from 'pg'

const EVERY_MS = 50
const MARK = `
  update family f set delivered_at = now() from unnest($1::text[], $2::bytea[]) as m (id, hash)
  where f.id = m.id and f.hash = m.hash`

/**
 * Notes what the receiver has taken, many at a time. Nobody waits for it: a mark that is lost with its process lets the next
 * snapshot send the family once more.
 */
export function openMarks(db: pg.Pool) {
  let waiting: { id: string; hash: Buffer }[] = []
  const write = async () => {
    if (waiting.length === 0) return
    // In the order of the ids, so that two workers cannot wait for each other.
    const marks = waiting.sort((a, b) => (a.id < b.id ? -1 : 1))
    waiting = []
    await db.query({ name: 'mark', text: MARK, values: [marks.map(({ id }) => id), marks.map(({ hash }) => hash)] })
  }
  let writing = Promise.resolve()
  const timer = setInterval(() => {
    writing = writing.then(write)
  }, EVERY_MS)
  return {
    note: (id: string, hash: Buffer) => waiting.push({ id, hash }),
    async close() {
      clearInterval(timer)
      await writing
      await write()
    },
  }
}
