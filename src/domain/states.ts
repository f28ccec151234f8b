/** What became of one entry; exactly one of these, and `pending` until it is known. */
export const OUTCOMES = ['new', 'updated', 'unchanged', 'rejected', 'held'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** How many entries of a batch (or of a chunk) have which outcome. */
export type Counts = Record<Outcome, number>

/** What is counted of a batch, in the order it is shown: received = the outcomes + pending. */
export const COUNTED = ['received', ...OUTCOMES, 'pending'] as const

/** The stages that work chunks, in order: `pipeline.ts` binds each to its code. */
export const STAGES = ['clean', 'link', 'forward', 'results'] as const
export type StageName = (typeof STAGES)[number]

/** Each stage has two queues: `short` is for small chunks that nothing long may stand before, `usual` for all others. */
export const LANES = ['usual', 'short'] as const
export type Lane = (typeof LANES)[number]

type ChunkStateRow<State extends string = string> = {
  /** The stage that takes the chunk next; null: none does. */
  stage: StageName | null
  /** What it may become. Back to its first state goes a chunk that kills its worker and is cut in two. */
  becomes: readonly State[]
  /** How its entries are counted: not at all (the batch is not whole), as pending, or by their outcomes. */
  entries: 'uncounted' | 'pending' | 'known'
  /** The setting after whose days its sealed source records are destroyed; null: it still needs them. */
  retention: 'RETENTION_DAYS' | null
  /** The window of its platform that it counts in: what is worked here, or what calls somebody; null: it is never dispatched. */
  window: 'working' | 'calling' | null
  /** The metric of age that it counts in; null: it waits for nothing. */
  age: 'titian_oldest_unfinished_seconds' | null
}

const CHUNK_STATE_ROWS = {
  receiving: { stage: null, becomes: ['received'], entries: 'uncounted', retention: null, window: null, age: null },
  received: {
    stage: 'clean',
    becomes: ['clean', 'received', 'settled'],
    entries: 'pending',
    retention: null,
    window: 'working',
    age: 'titian_oldest_unfinished_seconds',
  },
  clean: {
    stage: 'link',
    becomes: ['linked', 'received', 'settled'],
    entries: 'pending',
    retention: null,
    window: 'working',
    age: 'titian_oldest_unfinished_seconds',
  },
  linked: {
    stage: 'forward',
    becomes: ['settled'],
    entries: 'known',
    retention: null,
    window: 'calling',
    age: 'titian_oldest_unfinished_seconds',
  },
  posted: {
    stage: 'results',
    becomes: ['posted', 'settled'],
    entries: 'pending',
    retention: null,
    window: 'working',
    age: 'titian_oldest_unfinished_seconds',
  },
  settled: { stage: null, becomes: [], entries: 'known', retention: 'RETENTION_DAYS', window: null, age: null },
} as const satisfies Record<string, ChunkStateRow>

/** A chunk's way: `receiving` while its batch still uploads, then one state per stage that is done. */
export type ChunkState = keyof typeof CHUNK_STATE_ROWS

/** The state table: what is said of a chunk in each state. A new stage is a row here. */
export const CHUNK_STATE_TABLE: Readonly<Record<ChunkState, ChunkStateRow<ChunkState>>> = CHUNK_STATE_ROWS

export const CHUNK_STATES = Object.keys(CHUNK_STATE_TABLE) as ChunkState[]

/** The states by name, for code and SQL that mean one of them. */
export const CHUNK = namesOf(CHUNK_STATE_ROWS)

/** States whose chunks a stage takes, the earliest first. */
export const WORKING = statesWhere(({ stage }) => stage !== null)
/** Those of them whose stage works here, and whose speed is ours. */
export const WORKING_HERE = statesWhere(({ window }) => window === 'working')
/** Those of them whose stage calls somebody, who may take as long as they like. */
export const CALLING = statesWhere(({ window }) => window === 'calling')
/** States in which the outcomes of all entries of a chunk are known. */
export const KNOWN = statesWhere(({ entries }) => entries === 'known')
/** States in which the entries of a chunk are pending: received, and no outcome known. */
export const PENDING = statesWhere(({ entries }) => entries === 'pending')
/** States before the outcomes of a chunk are known. */
export const BEFORE_KNOWN = statesWhere(({ entries }) => entries !== 'known')
/** States whose chunks make their batch unfinished. */
export const AGEING = statesWhere(({ age }) => age !== null)
/** States whose chunks lose their sealed source records in time. */
export const FORGOTTEN = statesWhere(({ retention }) => retention !== null)

/** Each stage by name, and the state of the chunks that it takes. */
export const STAGE = {
  clean: { name: 'clean', from: stateFor('clean') },
  link: { name: 'link', from: stateFor('link') },
  forward: { name: 'forward', from: stateFor('forward') },
  results: { name: 'results', from: stateFor('results') },
} as const satisfies { [Name in StageName]: { name: Name; from: ChunkState } }

/** A batch's way: it uploads, its chunks are worked, all of them are settled. A release makes it `received` again. */
export const BATCH = { receiving: 'receiving', received: 'received', settled: 'settled' } as const
export type BatchState = keyof typeof BATCH

/** `partial`: what is good counts, whatever else is in the batch. `strict`: one rejected or held entry refuses the whole batch. */
export const BATCH_MODES = ['partial', 'strict'] as const
export type BatchMode = (typeof BATCH_MODES)[number]

/** What a batch is about, and the stages that its chunks pass. */
export const BATCH_KINDS = {
  /** Records of a platform. */
  push: { stages: ['clean', 'link', 'forward'] },
  /** What a steward decided about two persons, or about one. */
  decision: { stages: ['link', 'forward'] },
  /** Stored records that are judged by another model. */
  relink: { stages: ['link', 'forward'] },
  /** What BPS says of subjects, on the way back. */
  results: { stages: ['results'] },
  /** What a platform takes back, or what its snapshot did not hold. */
  withdrawal: { stages: ['link', 'forward'] },
  /** Subjects told anew, since the data of a person is restricted from now on, or no longer. */
  restriction: { stages: ['link', 'forward'] },
} as const satisfies Record<string, { stages: readonly [StageName, ...StageName[]] }>
export type BatchKind = keyof typeof BATCH_KINDS

/** The state in which chunks of such a batch begin: the one that its first stage takes. */
export function firstStateOf(kind: BatchKind): ChunkState {
  return stateFor(BATCH_KINDS[kind].stages[0])
}

function stateFor(stage: StageName): ChunkState {
  const state = CHUNK_STATES.find((name) => CHUNK_STATE_TABLE[name].stage === stage)
  if (state === undefined) throw new Error(`no state leads to the stage ${stage}`)
  return state
}

function statesWhere(holds: (row: ChunkStateRow<ChunkState>) => boolean): ChunkState[] {
  return CHUNK_STATES.filter((name) => holds(CHUNK_STATE_TABLE[name]))
}

function namesOf<Row extends object>(table: Row): { readonly [Name in keyof Row]: Name } {
  return Object.fromEntries(Object.keys(table).map((name) => [name, name])) as { [Name in keyof Row]: Name }
}
