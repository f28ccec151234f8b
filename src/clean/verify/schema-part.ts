type Part = { properties?: Record<string, unknown>; items?: unknown; type?: unknown }

/** What schema.json says of a column, by its name from the whole record on (`anggota[].alamat.rt`); undefined where it says nothing. */
export function schemaPart(schema: unknown, name: string): Part | undefined {
  let part = schema as Part | undefined
  for (const step of name.split('.')) {
    const isElement = step.endsWith('[]')
    part = part?.properties?.[isElement ? step.slice(0, -2) : step] as Part | undefined
    if (isElement) part = part?.items as Part | undefined
  }
  return part
}

/** Whether it is an array of anything. */
export function isArrayPart(part: Part | undefined): boolean {
  return part?.items !== undefined || [part?.type].flat().includes('array')
}

/** Of an object, or of an array of objects, the name of the first value inside; undefined of anything else. */
export function valueInside(part: Part | undefined): string | undefined {
  const { properties } = (part?.items as Part | undefined) ?? part ?? {}
  return Object.keys(properties ?? {})[0]
}
