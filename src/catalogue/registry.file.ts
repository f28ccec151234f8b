import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { TitianError } from '../domain/error.ts'

/** Reads the registry folders; a file of a later root replaces the one of the same path in an earlier root. Throws `registry-invalid`. */
export async function readRegistry(roots: readonly string[]): Promise<Map<string, { file: string; text: string }>> {
  const files = new Map<string, { file: string; text: string }>()
  for (const root of roots) {
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause) => {
      throw new TitianError('registry-invalid', `${root} is no folder of a registry that can be read`, { cause })
    })
    const paths = entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name))
    for (const path of paths.sort()) {
      const key = relative(root, path).split(sep).join('/')
      files.set(key, { file: relative(process.cwd(), path), text: await readFile(path, 'utf8') })
    }
  }
  return files
}
