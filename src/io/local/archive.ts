import { TitianError } from '../../domain/error.ts'

/** How a server comes back to a moment: from which archive, after it from which folder of WAL, and up to when; undefined: to the end. */
export type Recovery = { archive: string; tail: string; to: Date | undefined }

// A segment holds 16 MB and is archived once a minute where anything happens: compressed it is as large as what happened.
const ARCHIVE_SECONDS = '60'

/** Settings under which PostgreSQL copies each finished segment of its WAL, compressed, to a folder, and never over another one. */
export function archiveSettings(folder: string): Record<string, string> {
  const file = quoted(folder, '/%f.gz')
  return {
    archive_mode: 'on',
    archive_timeout: ARCHIVE_SECONDS,
    // One that is there already is the same where the server was killed before it noted that: else it is an error.
    archive_command:
      `f=${file}; if test -f "$f"; then gunzip -c "$f" | cmp -s - "%p"; ` +
      'else gzip -n -1 < "%p" > "$f.part" && sync "$f.part" && mv "$f.part" "$f"; fi',
  }
}

/** Settings under which PostgreSQL, started with a `recovery.signal`, plays WAL up to a moment and then takes writes. */
export function recoverySettings({ archive, tail, to }: Recovery): Record<string, string> {
  return {
    restore_command: `gunzip -c ${quoted(archive, '/%f.gz')} > "%p" 2> /dev/null || cp ${quoted(tail, '/%f')} "%p" 2> /dev/null`,
    // Read before abbreviations of zones are known: Z would be refused.
    ...(to && { recovery_target_time: to.toISOString().replace('Z', '+00') }),
    recovery_target_action: 'promote',
  }
}

/** A path for the shell inside a command of PostgreSQL, where a percent sign means something. */
function quoted(folder: string, rest: string): string {
  if (folder.includes("'"))
    throw new TitianError('config-invalid', `${folder} cannot hold WAL: its name has an apostrophe`)
  return `'${folder.replaceAll('%', '%%')}${rest}'`
}
