import { SealedFile } from '../../io/sealed-file.ts'

/** Strings that are written, and read again, at once: a table refers mostly to neighbours of what it referred to last. */
const BLOCK = 64
/** Characters of the blocks that are kept in memory, whatever the workbook holds. */
const KEPT_LENGTH = 2_000_000

/**
 * The shared strings of a workbook, by their number. They lie in a sealed file and only the blocks last asked for in memory, since a
 * workbook may have tens of millions.
 */
export class SharedStrings {
  readonly #file = new SealedFile()
  /** Where each block begins. */
  readonly #starts: number[] = []
  readonly #blocks = new Map<number, Block>()
  #open: string[] = []
  #last: { at: number; block: Block } | undefined
  #keptLength = 0

  add(text: string): void {
    this.#open.push(text)
    if (this.#open.length === BLOCK) this.#store()
  }

  /** The string of a number; undefined where there is none. */
  get(index: number): string | undefined {
    const at = Math.floor(index / BLOCK)
    if (at === this.#starts.length) return this.#open[index % BLOCK]
    if (this.#last?.at !== at) {
      const block = this.#blocks.get(at) ?? this.#load(at)
      if (block === undefined) return undefined
      this.#keep(at, block)
      this.#last = { at, block }
    }
    return this.#last?.block.strings[index % BLOCK]
  }

  close(): void {
    this.#file.close()
  }

  #store(): void {
    this.#starts.push(this.#file.size)
    this.#file.appendNow(Buffer.from(JSON.stringify(this.#open)))
    this.#open = []
  }

  #load(at: number): Block | undefined {
    const start = this.#starts[at]
    if (start === undefined) return undefined
    const length = (this.#starts[at + 1] ?? this.#file.size) - start
    const strings = JSON.parse(this.#file.read(start, length).toString()) as string[]
    this.#keptLength += length
    return { strings, length }
  }

  /** Puts a block last in the order in which they are dropped. */
  #keep(at: number, block: Block): void {
    this.#blocks.delete(at)
    this.#blocks.set(at, block)
    for (const [oldest, { length }] of this.#blocks) {
      if (this.#keptLength <= KEPT_LENGTH || oldest === at) return
      this.#blocks.delete(oldest)
      this.#keptLength -= length
    }
  }
}

type Block = { strings: string[]; length: number }
