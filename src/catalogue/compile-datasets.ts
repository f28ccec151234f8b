import type { ValidateFunction } from 'ajv'
import { Lists } from '../clean/codes/lists.ts'
import { datasetOf } from '../clean/compile/clean-entry.ts'
import { carriedBy, compileParts, type Surroundings } from '../clean/compile/compile.ts'
import { type DatasetFolder, type RegistryFiles, readFolders } from '../clean/mapping/folder.ts'
import type { Mapping } from '../clean/mapping/mapping.ts'
import { newAjv } from '../clean/mapping/schema.ts'
import { checkShape } from '../clean/mapping/shape.ts'
import { verifyMapping } from '../clean/verify/mapping.ts'
import { compileWayBack } from '../clean/way-back/way-back.ts'
import type { TurnBack } from '../domain/results/way-back.ts'
import type { Document } from '../language/document.ts'
import type { CompiledDataset } from './registry.ts'

/** Compiles every dataset folder by `name@version`. One with a fault is left out, and the fault is a diagnostic, or one of a draft. */
export function compileDatasets(
  files: RegistryFiles,
  shared: ReadonlyMap<string, Document>,
  around: Surroundings,
): Map<string, CompiledDataset> {
  const schema = files.get('mapping.schema.json')
  const validate = newAjv({ verbose: true }).compile(JSON.parse(schema?.text ?? '{}') as object)
  const compiled = new Map<string, CompiledDataset>()
  for (const folder of readFolders(files, around.diagnostics)) {
    const read = () => compileFolder(folder, validate, shared, around)
    const { value, isSound } = around.diagnostics.within(folder.isDraft, read)
    if (value !== undefined && isSound) compiled.set(`${folder.name}@${folder.version}`, value)
  }
  return compiled
}

function compileFolder(
  folder: DatasetFolder,
  validate: ValidateFunction,
  shared: ReadonlyMap<string, Document>,
  around: Surroundings,
): CompiledDataset | undefined {
  if (!checkShape(folder.mapping, validate, around.diagnostics)) return undefined
  const mapping = folder.mapping.value as Mapping
  verifyMapping({
    mapping,
    document: folder.mapping,
    schema: folder.schema,
    canonical: around.canonical,
    diagnostics: around.diagnostics,
  })
  const lists = new Lists(folder.codes, shared, folder.mapping, around.canonical, around.diagnostics)
  const parts = compileParts(folder, mapping, lists, around)
  lists.reportUnused(folder.codes)
  if (parts === undefined) return undefined
  return {
    ...datasetOf(parts),
    folder,
    mapping,
    carries: carriedBy(mapping),
    turnBack: lazily(() => compileWayBack({ ...around, mapping, schema: folder.schema.value, lists })),
    generated: parts.generated,
  }
}

function lazily(compile: () => TurnBack): TurnBack {
  let compiled: TurnBack | undefined
  return (...given) => {
    compiled ??= compile()
    return compiled(...given)
  }
}
