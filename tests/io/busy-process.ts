import { startWatchdog } from '../../src/io/watchdog.ts'

// Says that it lives, and then burns for as many seconds as it is told, or has something in hand for so long.
const [seconds, how] = [Number(process.argv[2]), process.argv[3]]
using watchdog = startWatchdog(2)
const begun = performance.now()
if (how === 'waits') watchdog.watch(() => (performance.now() - begun) / 1000, 3)
await new Promise((resolve) => setTimeout(resolve, 3000))
process.stdout.write('alive\n')
const end = Date.now() + seconds * 1000
if (how === 'waits') await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
while (Date.now() < end);
process.stdout.write('done\n')
