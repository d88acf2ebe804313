import { type Context, context } from '@opentelemetry/api';
import type { MessageLike } from './client.ts';
import { enterContext } from './enter-context.ts';
import { quietly } from './host.ts';
import type { Processing } from './processing.ts';

/** Starts the span of a message that is handed over; undefined for one that gets none. */
export type HandOver = (message: MessageLike) => Processing | undefined;

/** The result of a `next()`; taking its value makes the message's context the active one. */
class HandedOver implements IteratorYieldResult<MessageLike> {
  readonly done = false;
  private readonly message: MessageLike;
  private processing: Processing | undefined;

  constructor(message: MessageLike, processing: Processing) {
    this.message = message;
    this.processing = processing;
  }

  get value(): MessageLike {
    const { processing } = this;
    if (processing) {
      this.processing = undefined;
      enterContext(processing.context);
    }
    return this.message;
  }
}

/**
 * The client's iterator with a span around each turn of the loop that reads it.
 *
 * The body must run in its message's context, which leaves one moment to switch: `for await` calls `next()` in
 * the frame of whoever started the loop (switching there would change that caller's context too), awaits it,
 * and then reads `value` in the frame that goes on to run the body. So the switch happens in the getter of
 * `value`. Work that a body starts but does not await keeps the context that it was started in.
 */
export class MessageLoop implements AsyncIterableIterator<MessageLike> {
  private readonly inner: AsyncIterator<MessageLike>;
  private readonly handOver: HandOver;
  private outer: Context | undefined;
  private current: Processing | undefined;

  constructor(inner: AsyncIterator<MessageLike>, handOver: HandOver) {
    this.inner = inner;
    this.handOver = handOver;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<MessageLike>> {
    // This runs in the caller's frame: restoring the context there is intended.
    this.leave();
    return this.inner.next().then(this.received);
  }

  /** Also how `for await` tells of a `break` and of a body that threw; the two cannot be told apart. */
  async return(value?: unknown): Promise<IteratorResult<MessageLike>> {
    this.leave();
    return (await this.inner.return?.(value)) ?? { done: true, value };
  }

  async throw(error?: unknown): Promise<IteratorResult<MessageLike>> {
    this.leave();
    if (this.inner.throw) return this.inner.throw(error);
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  private leave(): void {
    const left = this.current;
    this.current = undefined;
    if (left && context.active() === left.context) enterContext(this.outer as Context);
    else this.outer = context.active();
    left?.handled();
  }

  private readonly received = (result: IteratorResult<MessageLike>): IteratorResult<MessageLike> =>
    result.done ? result : this.handed(result.value);

  private handed(message: MessageLike): IteratorResult<MessageLike> {
    // Two calls of next() may be waiting at once; the later hand-over ends the earlier one's turn.
    this.current?.handled();
    const processing = quietly(() => this.handOver(message));
    this.current = processing;
    return processing ? new HandedOver(message, processing) : { done: false, value: message };
  }
}
