/** Who acts by a command of the shell, as the audit log names them: the account of the machine. */
export function shellActor(): string {
  return `shell:${process.getuid?.() ?? 'unknown'}`
}
