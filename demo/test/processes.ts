import { readdirSync, readFileSync } from 'node:fs';

/** The state letter and the parent of a process, from Linux's /proc; undefined where it is gone. */
const look = (pid: number): { state: string; parent: number } | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
};

/** The process' command line, empty where it is gone. */
export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};

/** False for a zombie too: it runs no more, it only waits for its parent to notice. */
export const isRunning = (pid: number): boolean => {
  const process = look(pid);
  return process !== undefined && !'ZX'.includes(process.state);
};

/** All running processes that descend from this one. */
export const descendantsOf = (ancestor: number): number[] => {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const parent = Number.isInteger(pid) ? look(pid)?.parent : undefined;
    if (parent !== undefined) parents.set(pid, parent);
  }
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && (parents.get(pid) === ancestor || descends(parents.get(pid)));
  return [...parents.keys()].filter((pid) => descends(pid) && isRunning(pid));
};

/** Asks again until it holds; rejects with `what` where it does not within the time. */
export const eventually = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> => {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
