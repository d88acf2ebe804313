import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { refusedAddress } from './address.ts';

/** The address is not one that a webhook may reach; trying again will not help. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
}

/** All addresses of a name, or of an address itself. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowPrivate: boolean;
  /** Ends the attempt, whatever it is doing. */
  readonly signal: AbortSignal;
  /** Default: as the system resolves, with its hosts file. */
  readonly resolve?: Resolve | undefined;
}

export interface Answer {
  readonly status: number;
  /** Seconds that the receiver asks to wait. */
  readonly retryAfter?: number;
}

/** A receiver may answer at length, but nothing of it is used: let it finish up to here. */
const MAX_DRAINED = 65_536;

const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true, order: 'verbatim' });

/** The system's resolver cannot be stopped, but need not be waited for. */
const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((done, fail) => {
    const stop = (): void => fail(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener('abort', stop));
  });

/** The addresses to connect to. One bad address among them refuses all: that is how rebinding looks. */
const vettedAddresses = async (options: Post): Promise<readonly LookupAddress[]> => {
  const { url, allowPrivate, signal, resolve = resolveBySystem } = options;
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await unlessAborted(resolve(hostname), signal);
  if (allowPrivate) return addresses;
  for (const { address } of addresses) {
    const kind = refusedAddress(address);
    if (kind === undefined) continue;
    throw new RefusedAddressError(
      `refused: ${hostname} is at ${address}, ${kind} address; set allowPrivate: true to send there`,
    );
  }
  return addresses;
};

/** Answers with what was vetted, so that the name is not resolved a second time. */
const pinned =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_hostname, options, done) => {
    if (options.all) done(null, [...addresses]);
    else done(null, addresses[0]!.address, addresses[0]!.family);
  };

const retryAfter = (header: string | undefined): { retryAfter?: number } =>
  header !== undefined && /^\d{1,6}$/.test(header) ? { retryAfter: Number(header) } : {};

/**
 * One POST, to an address resolved and vetted once. Redirects are not followed (node:http never does).
 * @returns the status as soon as the answer has ended, was cut off, or is too long
 * @throws {RefusedAddressError}, the signal's reason, or node's error where there is no answer
 */
export const post = async (options: Post): Promise<Answer> => {
  const { url, headers, body, signal } = options;
  const addresses = await vettedAddresses(options);
  return new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      lookup: pinned(addresses),
      // A fresh agent: neither kept-alive sockets nor a proxy of the environment may change where it goes.
      agent: false,
      signal,
    });
    let answered = false;
    request.on('error', (error) => {
      // An answer that is cut off still has its status, which `close` reports.
      if (!answered) fail(signal.aborted ? signal.reason : error);
    });
    request.on('response', (response) => {
      answered = true;
      let drained = 0;
      response.on('data', (chunk: Buffer) => {
        drained += chunk.length;
        if (drained > MAX_DRAINED) response.destroy();
      });
      response.on('error', () => response.destroy());
      response.on('close', () =>
        done({ status: response.statusCode ?? 0, ...retryAfter(response.headers['retry-after']) }),
      );
    });
    request.end(body);
  });
};
