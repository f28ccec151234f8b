// What a system call may meet that is nobody's mistake in the program (errno, POSIX.1-2024, section 2.3), in plain words.
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EBUSY: 'it is in use',
  EDQUOT: 'the quota of this user is used up',
  EEXIST: 'it exists already',
  EFBIG: 'it would be larger than the system allows',
  EIO: 'the disk has an error',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'this process has too many files open',
  ENAMETOOLONG: 'its name is too long',
  ENFILE: 'the system has too many files open',
  ENOENT: 'it does not exist',
  ENOMEM: 'there is no memory left',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is not a folder',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
}

/** Why a system call failed, in plain words without a path; undefined for an error of another kind. */
export function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, syscall } = error as NodeJS.ErrnoException
  return syscall === undefined || code === undefined ? undefined : REASONS[code]
}

/** One sentence about a failed system call with the path that it was about; undefined for an error of another kind. */
export function systemSentence(error: unknown): string | undefined {
  const reason = systemReason(error)
  if (reason === undefined) return undefined
  const { path, syscall } = error as NodeJS.ErrnoException
  return path === undefined ? `${syscall}: ${reason}` : `${path}: ${reason} (${syscall})`
}
