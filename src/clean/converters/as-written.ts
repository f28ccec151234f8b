import type { Converter } from './converter.ts'

/** The way back of a value that a source writes as the canonical one is. */
export const asWritten: NonNullable<Converter['invert']> = () => (value) => [String(value)]
