import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { rightsFault } from '../../trust/keys/rights.ts'
import { type Diagnosis, fault, note, well } from './diagnosis.ts'

/** Files of a data folder that hold a secret. */
const SECRET_FILES = ['keys.json', 'clients.json', 'people.json', 'postgres.json', 'receiver-key.json']
const GIGA = 1024 ** 3

/** Room on the disks below folders, by name; `least` is the share that should be free. */
export async function checkDisks(
  folders: Readonly<Record<string, string>>,
  least: number,
): Promise<readonly Diagnosis[]> {
  const found = Object.entries(folders).map(async ([name, path]): Promise<Diagnosis> => {
    const disk = await statfs(path).catch(() => undefined)
    if (disk === undefined || disk.blocks === 0)
      return note(
        'disks',
        `the folder for ${name} (${path}) is not there`,
        'name the folder that the processes work in',
      )
    const free = disk.bavail / disk.blocks
    const said = `${name} (${path}): ${(100 * free).toFixed(0)} % free, ${((disk.bavail * disk.bsize) / GIGA).toFixed(1)} GB`
    if (free >= least) return well('disks', said)
    return fault('disks', said, 'make room or take a larger disk; docs/operations/alerts/disk-low.md')
  })
  return Promise.all(found)
}

/** Who may read the files of a data folder that hold a secret. */
export async function checkFiles(data: string): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = []
  for (const name of SECRET_FILES) {
    const file = await stat(join(data, name)).catch(() => undefined)
    const wrong = file && rightsFault(file)
    if (wrong) found.push(fault('files', `${join(data, name)} ${wrong.split(':')[0]}`, `chmod 600 ${join(data, name)}`))
  }
  return found.length > 0 ? found : [well('files', 'files with secrets are readable by their owner only')]
}
