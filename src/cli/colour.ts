import { styleText } from 'node:util'
import type { CliContext } from './context.ts'

type Colour = 'red' | 'yellow' | 'green' | 'dim'

/** Paints what a person reads at a terminal; elsewhere the text stays as it is. */
export function painter({ colour }: Pick<CliContext, 'colour'>): (colour: Colour, text: string) => string {
  return colour ? (name, text) => styleText(name, text, { validateStream: false }) : (_name, text) => text
}

/** Whether standard output is a terminal of colours, and nobody has forbidden them (https://no-color.org). */
export function isColourWanted(isTerminal: boolean, { NO_COLOR, TERM }: CliContext['env']): boolean {
  return isTerminal && !NO_COLOR && TERM !== 'dumb'
}
