import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apiOf } from './api.ts'

const here = import.meta.dirname
const contract = await readFile(join(here, '..', '..', '..', 'openapi', 'gateway.json'), 'utf8')
await writeFile(join(here, '..', 'src', 'api.ts'), apiOf(JSON.parse(contract)))
