import {
  alternatives,
  arraysOf,
  columnsOf,
  columnsRead,
  extensionsOf,
  keyColumns,
  type Mapping,
  whenColumns,
} from './mapping.ts'

/** Every column that a mapping names anywhere, as it is written there. */
export function columnsOfMapping({ key, referenceDate, region, records }: Mapping): string[] {
  return [
    ...columnsOf(key),
    ...(referenceDate === undefined ? [] : columnsRead(referenceDate)),
    ...columnsOf(region?.code),
    ...columnsOf(region?.also?.code),
    ...Object.values(region?.names ?? {}),
    ...records.flatMap((block) => [
      ...arraysOf(block),
      ...keyColumns(block),
      ...whenColumns(block.when),
      ...columnsOf(block.household?.key),
      ...columnsOf(block.headNik),
      ...[...Object.values(block.fields).map(alternatives), ...extensionsOf(block).values()]
        .flat()
        .flatMap(columnsRead),
    ]),
  ]
}
