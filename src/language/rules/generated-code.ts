/**
 * Makes what a function body returns. The body may use the constants by their names; `part` names it in stack traces. Throws a
 * SyntaxError for a body that is no JavaScript.
 */
export type CompileText = (part: string, constants: Readonly<Record<string, unknown>>, body: string) => unknown

/** All JavaScript that was generated for one origin (`carik@1`). Text becomes code here and nowhere else. */
export class GeneratedCode {
  readonly #origin: string
  readonly #parts = new Map<string, string>()

  constructor(origin: string) {
    this.#origin = origin
  }

  /** The generated bodies by part, in the order in which they were made. */
  get parts(): ReadonlyMap<string, string> {
    return this.#parts
  }

  /** Compiles parts whose names begin with these words. */
  under(words: string): CompileText {
    return (part, constants, body) => this.#compile(`${words}/${part}`, constants, body)
  }

  #compile(wanted: string, constants: Readonly<Record<string, unknown>>, body: string): unknown {
    const part = this.#free(plainPath(wanted))
    this.#parts.set(part, body)
    const address = `titian/${plainPath(this.#origin)}/${part}.js`
    const make = new Function(...Object.keys(constants), `'use strict'\n${body}\n//# sourceURL=${address}`)
    return make(...Object.values(constants))
  }

  #free(part: string): string {
    if (!this.#parts.has(part)) return part
    let number = 2
    while (this.#parts.has(`${part}-${number}`)) number++
    return `${part}-${number}`
  }
}

/** Only signs that cannot end a comment or an address: column names of a layout are anything. */
function plainPath(text: string): string {
  return text.replace(/[^A-Za-z0-9_.@/-]+/g, '-')
}
