import { quietly } from './host.ts';

/**
 * When the bytes being parsed arrived, on the clock of `performance.now()`. The parser runs synchronously
 * through all the messages of one read, so a message's callback may start long after its arrival.
 */
let readAt: number | undefined;

/** A property, as a WeakMap with an entry for each message cost a third of the time in garbage collection. */
const ARRIVED = Symbol('tailrace.arrived');

interface Arrived {
  [ARRIVED]?: number;
}

export const patchParse = <F extends (...args: never[]) => unknown>(original: F): F =>
  function parse(this: unknown, ...args: never[]) {
    readAt = performance.now();
    try {
      return original.apply(this, args);
    } finally {
      readAt = undefined;
    }
  } as F;

/** Messages for iterators wait in a queue: this remembers when they joined it. */
export const patchPush = <F extends (item: never) => unknown>(original: F): F =>
  function push(this: unknown, item: never) {
    quietly(() => {
      if (typeof item === 'object' && item !== null && readAt !== undefined)
        (item as Arrived)[ARRIVED] = readAt;
    });
    return original.call(this, item);
  } as F;

/** Undefined for a message that did not come through a patched client. */
export const arrivalOf = (message: object): number | undefined => (message as Arrived)[ARRIVED] ?? readAt;
