/** Where NATS is and who asks. */
export interface NatsAddress {
  /** `host:port`; for WebSockets whole URLs. */
  readonly servers: string[];
  readonly login: { readonly user: string; readonly pass: string } | { readonly token: string } | undefined;
  readonly isWebSocket: boolean;
  readonly isTls: boolean;
  /** The URL without credentials: the only form that may be shown. */
  readonly shown: string;
}

const DEFAULT_PORT = '4222';

/**
 * Reads `nats://[user:password@ or token@]host[:port]`, also `tls:`, `ws:` and `wss:`, and several of them with commas
 * between. The credentials are the first one's. Undefined where it is no such URL.
 */
export const parseNatsAddress = (text: string): NatsAddress | undefined => {
  const urls = text.split(',').map((part) => URL.parse(part.trim()));
  const [first] = urls;
  if (!first || !urls.every((url) => url && isKnown(url) && url.protocol === first.protocol))
    return undefined;
  const shown = (urls as URL[]).map((url) => `${url.protocol}//${hostOf(url)}`);
  const isWebSocket = /^wss?:$/.test(first.protocol);
  return {
    servers: isWebSocket ? shown : (urls as URL[]).map(hostOf),
    login: loginOf(first),
    isWebSocket,
    isTls: first.protocol === 'tls:',
    shown: shown.join(','),
  };
};

/** A bare `/` in a password would end the host's part, and what is left of the password would be shown as host. */
const isKnown = ({ protocol, hostname, pathname, search, hash }: URL): boolean =>
  /^(nats|tls|wss?):$/.test(protocol) && hostname !== '' && !`${pathname}${search}${hash}`.includes('@');

const hostOf = ({ protocol, host, hostname, port }: URL): string =>
  /^wss?:$/.test(protocol) ? host : `${hostname}:${port || DEFAULT_PORT}`;

const loginOf = ({ username, password }: URL): NatsAddress['login'] => {
  if (username === '') return undefined;
  return password === '' ? { token: decode(username) } : { user: decode(username), pass: decode(password) };
};

/** A password may have a bare `%`. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** A text that was meant to be such a URL, to be quoted in a message: credentials become `***`. */
export const withoutCredentials = (text: string): string => text.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@');
