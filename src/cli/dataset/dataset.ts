import { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { diffCommand } from './dataset-diff.ts'
import { newCommand } from './dataset-new.ts'
import { sourceCommand } from './dataset-source.ts'
import { testCommand } from './dataset-test.ts'

/** `titian dataset`: what the engineer of a region describes a layout with. */
export function datasetCommand(context: CliContext): Command {
  return new Command('dataset')
    .description('Describe a layout: draft a folder, test it, compare versions, print what is generated')
    .addCommand(newCommand(context))
    .addCommand(testCommand(context))
    .addCommand(diffCommand(context))
    .addCommand(sourceCommand(context))
}
