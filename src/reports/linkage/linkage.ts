/** How many records of a sample belong to a person of so many records. */
export type PersonSize = { size: number; records: number }

/** Possible matches of one whole bit of match weight: open, decided as one person, decided as two. */
export type ReviewedBits = { bits: number; open: number; same: number; different: number }
