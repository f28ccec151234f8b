import { startWatchdog } from '../../src/io/watchdog.ts'

// Says that it lives, and then burns for as many seconds as it is told.
using _watchdog = startWatchdog(2)
await new Promise((resolve) => setTimeout(resolve, 3000))
process.stdout.write('alive\n')
const end = Date.now() + Number(process.argv[2]) * 1000
while (Date.now() < end);
process.stdout.write('done\n')
