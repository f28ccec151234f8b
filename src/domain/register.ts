/** The registers that datasets are extracts of; `own` is one that a platform keeps for itself. */
export const REGISTERS = ['carik', 'dtks', 'p3ke', 'dtsen', 'regsosek', 'own'] as const
export type Register = (typeof REGISTERS)[number]
