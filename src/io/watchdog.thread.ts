// What runs inside the watchdog's thread: it ends the process whose event loop has not moved for so many looks.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const STDERR = 2
const LOOK_MS = 1000
const { beats, seconds } = workerData as { beats: Int32Array; seconds: number }
const never = new Int32Array(new SharedArrayBuffer(4))

let last = Atomics.load(beats, 0)
let missed = 0
// Looks are counted, not time: a process that was stopped and goes on has missed one look only.
for (;;) {
  Atomics.wait(never, 0, 0, LOOK_MS)
  const now = Atomics.load(beats, 0)
  missed = now === last ? missed + 1 : 0
  last = now
  if (missed < seconds) continue
  writeSync(
    STDERR,
    `titian: the event loop was busy for ${seconds} s without a break; this process ends, others go on\n`,
  )
  process.kill(process.pid, 'SIGKILL')
}
