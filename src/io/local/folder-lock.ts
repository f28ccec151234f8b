import { createHash } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TitianError } from '../../domain/error.ts'

/**
 * Makes a data folder ours until released or until this process ends in any way; refused while another process has it.
 * The lock is a listening socket: unlike a file with a process id, it cannot outlive its owner.
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const name = `titian-${createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 32)}`
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE'
      const message = taken
        ? `another titian runs on ${folder}: stop it, or name another folder with --data`
        : undefined
      reject(taken ? new TitianError('server-unsafe', message, { cause }) : cause)
    })
    server.listen(addressOf(name), resolve)
  })
  server.unref()
  return {
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Names without a file where the system has them; elsewhere a socket file, which a killed process leaves behind. */
function addressOf(name: string): string {
  if (process.platform === 'linux') return `\0${name}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}
