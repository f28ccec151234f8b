import { statfs } from 'node:fs/promises'
import type pg from 'pg'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Figures } from './figures.ts'
import { figureGauges } from './gauges.ts'
import { openProgress, type WorkInHand } from './progress.ts'

/** The page for Prometheus. */
export type MetricsPage = { page(): Promise<{ type: string; text: string }> }

/** What this process counts, and what it reads from the database when asked; no label ever names a person or a record. */
export type Metrics = MetricsPage & {
  /** What this process has in hand: `/livez` and the watchdog go by it. */
  progress: WorkInHand
  chunkSeconds: Histogram<'stage' | 'result'>
  staleEpochs: Counter<'stage' | 'moment'>
  swept: Counter<'task'>
  dispatched: Counter
  oversizedBlocks: Counter
  linkedAnew: Counter
  /** How long the lock over the subjects was waited for, and held: the share of its time that it is taken. */
  subjectLock: { waited(seconds: number): void; held(seconds: number): void }
}

/** Metrics of a process that has no database of the gateway's: memory, processor, event loop, and its disks. */
export function openProcessMetrics(folders: Readonly<Record<string, string>> = {}): MetricsPage {
  const registry = processRegistry()
  const measureDisks = diskGauge(registry, folders)
  return {
    async page() {
      await measureDisks()
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

/**
 * Opens the metrics of one gateway or worker. `readFigures` gives those of the database and is called at each look; a database
 * that does not answer shows as `titian_database_up 0`, and the process's own numbers stay. `folders` are watched for room.
 */
export function openMetrics({
  db,
  readFigures,
  folders = {},
}: {
  db: pg.Pool
  readFigures: (db: pg.Pool) => Promise<Figures>
  folders?: Readonly<Record<string, string>>
}): Metrics {
  const registry = processRegistry()
  const registers = [registry]
  const setFigures = figureGauges(registry)
  const measureDisks = diskGauge(registry, folders)
  const progress = openProgress(() => performance.now())
  const setProgress = progressGauges(registers, progress)
  const up = new Gauge({ name: 'titian_database_up', help: '1 while the database answers this process', registers })
  const pool = new Gauge({
    name: 'titian_pool_waiting',
    help: 'who waits for a database connection of this process',
    registers,
  })
  return {
    async page() {
      const figures = await readFigures(db).catch(() => undefined)
      if (figures) setFigures(figures)
      up.set(figures ? 1 : 0)
      pool.set(db.waitingCount)
      setProgress()
      await measureDisks()
      return { type: registry.contentType, text: await registry.metrics() }
    },
    progress,
    ...counters(registers),
  }
}

function progressGauges(registers: Registry[], progress: WorkInHand): () => void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['part'], registers })
  const inHand = gauge(
    'titian_in_hand_seconds',
    'how long the oldest thing that a part of this process works at is there',
  )
  const ended = gauge('titian_since_end_seconds', 'time since a part of this process last brought something to an end')
  return () => {
    for (const { part, inHand: seconds, sinceEnd } of progress.standings()) {
      inHand.set({ part }, seconds)
      if (sinceEnd !== null) ended.set({ part }, sinceEnd)
    }
  }
}

function counters(registers: Registry[]): Omit<Metrics, 'page' | 'progress'> {
  const counter = <T extends string = never>(name: string, help: string, ...labelNames: T[]) =>
    new Counter({ name, help, labelNames, registers })
  const waited = counter('titian_subject_lock_wait_seconds_total', 'time spent waiting for the lock over the subjects')
  const held = counter('titian_subject_lock_held_seconds_total', 'time the lock over the subjects was held')
  return {
    chunkSeconds: new Histogram({
      name: 'titian_chunk_seconds',
      help: 'time a stage took for a chunk',
      labelNames: ['stage', 'result'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    staleEpochs: counter(
      'titian_stale_epochs_total',
      'dispatches and commits refused because the chunk had been taken over',
      'stage',
      'moment',
    ),
    swept: counter('titian_swept_total', 'what the sweeper mended', 'task'),
    dispatched: counter('titian_dispatched_total', 'chunks dispatched by this process'),
    oversizedBlocks: counter('titian_oversized_blocks_total', 'blocks of records that were too large to be compared'),
    linkedAnew: counter(
      'titian_linked_anew_entries_total',
      'entries that were linked anew, since another worker had changed what they depend on',
    ),
    subjectLock: { waited: (seconds) => waited.inc(seconds), held: (seconds) => held.inc(seconds) },
  }
}

function processRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

/** Share of a disk that is free, for each folder; one that cannot be asked is left out. */
function diskGauge(registry: Registry, folders: Readonly<Record<string, string>>): () => Promise<void> {
  const gauge = new Gauge({
    name: 'titian_disk_free_ratio',
    help: 'share of the disk below a folder that is free to this process',
    labelNames: ['folder'],
    registers: [registry],
  })
  return async () => {
    gauge.reset()
    for (const [folder, path] of Object.entries(folders)) {
      const disk = await statfs(path).catch(() => undefined)
      if (disk && disk.blocks > 0) gauge.set({ folder }, disk.bavail / disk.blocks)
    }
  }
}
