/**
 * What a subject is for:
 * - `user`: traffic of services; it gets spans and carries context.
 * - `inbox`: where one requester waits for its answer; the request's own spans tell it.
 * - `store`: the stream behind a key-value bucket or an object store. A stored header must never become
 *   a parent (the entry is read for years), so it gets producer spans only, named by bucket.
 * - `internal`: the client talking to the server (JetStream API, acks, flow control, monitoring).
 */
export type SubjectKind = 'user' | 'inbox' | 'store' | 'internal';

const apiPrefixes = new Set<string>();

/** A JetStream client with its own `apiPrefix` (or domain) tells it here, so that its calls stay out of traces. */
export const learnApiPrefix = (prefix: string | undefined): void => {
  if (prefix && !prefix.startsWith('$')) apiPrefixes.add(`${prefix}.`);
};

/** `inboxPrefix` is the connection's own setting; `_INBOX` and `_R_` (replies through a gateway) always count. */
export const subjectKind = (subject: string, inboxPrefix?: string): SubjectKind => {
  if (subject.startsWith('$')) {
    return subject.startsWith('$KV.') || subject.startsWith('$O.') ? 'store' : 'internal';
  }
  if (subject.startsWith('_INBOX.') || subject.startsWith('_R_.')) return 'inbox';
  if (inboxPrefix !== undefined && subject.startsWith(`${inboxPrefix}.`)) return 'inbox';
  for (const prefix of apiPrefixes) if (subject.startsWith(prefix)) return 'internal';
  return 'user';
};

const storeBucket = (subject: string): string => {
  const [kind, bucket] = subject.split('.', 2);
  return `${kind}.${bucket}`;
};

/** The name to show for a subject: the subject itself, a bucket without its key, nothing for an inbox. */
export const destinationName = (subject: string, kind: SubjectKind): string =>
  kind === 'store' ? storeBucket(subject) : subject;

export const hasWildcard = (subject: string): boolean => subject.includes('*') || subject.endsWith('>');
