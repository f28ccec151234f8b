import { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { explainCommand } from './link-explain.ts'
import { relinkCommand } from './link-relink.ts'
import { scoreCommand } from './link-score.ts'
import { trainCommand } from './link-train.ts'

/** `titian link`: how records are judged to be one person. */
export function linkCommand(context: CliContext): Command {
  const command = new Command('link').description('How records are judged to be one person')
  for (const part of [trainCommand, relinkCommand, explainCommand, scoreCommand]) command.addCommand(part(context))
  return command
}
