import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** This machine does not let a program watch another's system calls; the message says why. */
export class NoTracing extends Error {
  override name = 'NoTracing';
}

/** A command that runs another and writes a line to the file for each sync to disk that it asks for. */
export const countingSyncs = (file: string): readonly string[] => {
  // -D keeps the process itself as the child, so that signals reach it.
  const command = ['strace', '-D', '-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', file];
  const [strace = '', ...args] = [...command, 'true'];
  const { status, error, stderr } = spawnSync(strace, args, { encoding: 'utf8' });
  if (status !== 0) throw new NoTracing(error?.message ?? stderr.trim());
  return command;
};

/** Syncs so far that succeeded. */
export const syncsIn = (file: string): number =>
  readFileSync(file, 'utf8').match(/\bf(?:data)?sync\b.*= 0$/gm)?.length ?? 0;
