// npm run chaos: a whole Titian under load is hurt at random from outside; then nothing may be lost, doubled or left over.
import { parseArgs } from 'node:util'
import { runChaos } from './run.ts'

const { values: options } = parseArgs({
  options: {
    /** Decides which faults come, when, and what is sent; what they meet is up to the machine. */
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '40' },
    workers: { type: 'string', default: '2' },
    queue: { type: 'string', default: 'postgres' },
    /** Seconds that everything has to settle after the last fault. */
    settle: { type: 'string', default: '180' },
  },
})

const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())
const report = await runChaos({
  seed: Number(options.seed),
  faults: Number(options.faults),
  workers: Number(options.workers),
  queue: options.queue === 'redis' ? 'redis' : 'postgres',
  settleSeconds: Number(options.settle),
  signal: stopping.signal,
  say: (line) => console.log(line),
}).catch((error: unknown) => {
  if (!stopping.signal.aborted) throw error
})
if (report) console.table(report)
process.exitCode = report?.clean ? 0 : 1
