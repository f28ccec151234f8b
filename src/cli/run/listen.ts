import { TitianError } from '../../domain/error.ts'

/** Starts listening; a port that somebody else has is one clear line. */
export async function listen<T>(start: () => Promise<T>, port: number): Promise<T> {
  try {
    return await start()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new TitianError('port-taken', portTaken(port), { cause })
    if (code === 'EACCES')
      throw new TitianError('port-taken', `port ${port} is not allowed to this user: choose one above 1023`, { cause })
    throw cause
  }
}

export function portTaken(port: number): string {
  return `port ${port} is taken: choose another with --port, or PORT`
}
