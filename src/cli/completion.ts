import { Argument, Command } from 'commander'
import type { CliContext } from './context.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]
/** Words that may follow a path of commands: names of commands under it, and its long options. */
type Words = { path: string; words: string[] }

/** `titian completion`: the script that a shell completes by, made from the commands that there are. */
export function completionCommand({ out }: CliContext): Command {
  const command = new Command('completion')
    .description('Print the script by which a shell completes commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', '\nbash: source <(titian completion bash)    fish: titian completion fish | source')
    .action((shell: Shell) => {
      const root = command.parent
      if (root !== null) out(completionScript(shell, pathsOf(root)))
    })
  return command
}

/** All paths of commands with what may follow each. */
function pathsOf(command: Command, path = ''): Words[] {
  const visible = command.createHelp().visibleCommands(command)
  const options = command.createHelp().visibleOptions(command)
  const words = [...visible.map((sub) => sub.name()), ...options.flatMap(({ long }) => long ?? [])]
  const below = command.commands.flatMap((sub) => pathsOf(sub, `${path} ${sub.name()}`.trim()))
  return [{ path, words: [...new Set(words)] }, ...below]
}

/** The script of a shell. Where nothing of ours fits, it offers files. */
function completionScript(shell: Shell, words: readonly Words[]): string {
  if (shell === 'fish') return fishScript(words)
  const paths = words.flatMap(({ path }) => (path === '' ? [] : `'${path}'`)).join('|')
  const cases = words.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`).join('\n')
  const body = `_titian() {
  local path='' next word words=''
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    next="\${path:+$path }$word"
    case "$next" in ${paths}) path="$next" ;; *) break ;; esac
  done
  case "$path" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _titian titian`
  return shell === 'zsh' ? `autoload -U compinit bashcompinit && compinit -u && bashcompinit\n${body}` : body
}

function fishScript(words: readonly Words[]): string {
  const paths = words.flatMap(({ path }) => (path === '' ? [] : `'${path}'`)).join(' ')
  const lines = words.map(({ path, words }) => `complete -c titian -n '__titian_at "${path}"' -a '${words.join(' ')}'`)
  return `set -g __titian_paths ${paths}
function __titian_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$path $word")
    contains -- "$next" $__titian_paths; or break
    set path $next
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}`
}
