// What runs inside the watchdog's thread: it ends the process whose event loop has not moved for so many looks, or which has had
// something in hand for too long.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { BEATS, IN_HAND, MOST } from './watchdog.ts'

const STDERR = 2
const LOOK_MS = 1000
const { cells, seconds } = workerData as { cells: Int32Array; seconds: number }
const never = new Int32Array(new SharedArrayBuffer(4))

let last = Atomics.load(cells, BEATS)
let missed = 0
let late = 0
// Looks are counted, not time: a process that was stopped and goes on has missed one look only.
for (;;) {
  Atomics.wait(never, 0, 0, LOOK_MS)
  const now = Atomics.load(cells, BEATS)
  missed = now === last ? missed + 1 : 0
  last = now
  const most = Atomics.load(cells, MOST)
  // It says so on /livez first: whoever watches from outside may end it in its own way.
  late = most > 0 && Atomics.load(cells, IN_HAND) > most ? late + 1 : 0
  if (missed >= seconds) end(`the event loop was busy for ${seconds} s without a break`)
  if (late >= seconds) end(`one thing was in hand for more than ${most} s without an end`)
}

function end(why: string): never {
  writeSync(STDERR, `titian: ${why}; this process ends, others go on\n`)
  process.kill(process.pid, 'SIGKILL')
  throw new Error(why)
}
