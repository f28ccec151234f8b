// npm run chaos: a whole Titian under continuous load is hurt at random from outside; then nothing may be lost, doubled or left over.
import { parseArgs } from 'node:util'
import { runChaos } from './run.ts'

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '40' },
    workers: { type: 'string', default: '2' },
    queue: { type: 'string', default: 'postgres' },
    /** Seconds that everything has to settle after the last fault. */
    settle: { type: 'string', default: '180' },
  },
})

const report = await runChaos({
  seed: Number(options.seed),
  faults: Number(options.faults),
  workers: Number(options.workers),
  queue: options.queue === 'redis' ? 'redis' : 'postgres',
  settleSeconds: Number(options.settle),
  say: (line) => console.log(line),
})
console.table(report)
process.exitCode = report.clean ? 0 : 1
