import { Command } from 'commander';
import { packageVersion } from '../main.ts';
import { addStart } from './start.ts';

/** Runs `tailrace` with the given arguments (as `process.argv`). */
export const runCli = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('tailrace')
    .description(
      'Tracing explorer for hybrid traffic: OTLP in, one SQLite file, flows across REST, gRPC and queues',
    )
    .version(packageVersion(), '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('(tailrace --help lists the options)');
  addStart(program);
  await program.parseAsync([...argv]);
};
