import type { Static, TSchema } from 'typebox'
import type { RegistryFiles } from '../clean/mapping/folder.ts'
import { newAjv } from '../clean/mapping/schema.ts'
import { checkShape } from '../clean/mapping/shape.ts'
import type { Diagnostics } from '../language/diagnostics.ts'
import { readYaml } from '../language/document.ts'
import { ProgrammesFile, ReasonsFile, type ResultCatalogue, resultCatalogue } from '../results/catalogue.ts'

/** Reads `results/reasons.yaml` and `results/programmes.yaml`; what is wrong becomes a diagnostic. */
export function readResultCatalogue(files: RegistryFiles, diagnostics: Diagnostics): ResultCatalogue {
  return resultCatalogue(
    read(files, 'results/reasons.yaml', ReasonsFile, diagnostics),
    read(files, 'results/programmes.yaml', ProgrammesFile, diagnostics),
  )
}

function read<Shape extends TSchema>(files: RegistryFiles, path: string, shape: Shape, diagnostics: Diagnostics) {
  const file = files.get(path)
  const document = file === undefined ? undefined : readYaml(file.file, file.text, diagnostics)
  if (document === undefined) return undefined
  const fits = checkShape(document, newAjv({ verbose: true }).compile(shape), diagnostics)
  return fits ? (document.value as Static<Shape>) : undefined
}
