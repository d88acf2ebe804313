import { spawnSync } from 'node:child_process';

const NOBODY = '65534';

/** This machine cannot run a program as a user who is bound by permissions; the message says why. */
export class NoOtherUser extends Error {
  override name = 'NoOtherUser';
}

/**
 * A command that runs another as a user who is bound by permissions: as nobody for root, whom none bind.
 * `reads`: a file that this user must be able to read.
 */
export const boundByPermissions = (
  reads: string,
): { readonly under: readonly string[]; readonly uid: number } => {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return { under: [], uid };
  const under = ['setpriv', '--reuid', NOBODY, '--regid', NOBODY, '--clear-groups'];
  const [command = '', ...args] = [...under, 'test', '-r', reads];
  const { status, error } = spawnSync(command, args);
  if (status !== 0) throw new NoOtherUser(error?.message ?? `nobody but root can read ${reads}`);
  return { under, uid: Number(NOBODY) };
};
