/** When a platform pushed last, and how many days lie between its latest pushes; null where there are too few. */
export type Cadence = { platform: string; lastAt: Date; everyDays: number | null }
