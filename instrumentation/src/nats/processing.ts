import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Span,
  type SpanContext,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import type { DeliveryInfo } from './ack-subject.ts';
import { parseAckSubject } from './ack-subject.ts';
import { arrivalOf } from './arrival.ts';
import {
  ATTR,
  deliveryAttributes,
  operationAttributes,
  SETTLE_EVENT,
  storedMessageId,
} from './attributes.ts';
import type { MessageLike, ProtocolLike } from './client.ts';
import { markException } from './errors.ts';
import { extractContext, headerValue } from './headers.ts';
import { DEFAULT_ACK_WAIT, DEFAULT_RESPOND_WAIT, type Host } from './host.ts';
import { destinationName, hasWildcard, type SubjectKind } from './subjects.ts';

/** Where messages come from: one subscription or consumer of the application. */
export interface Source {
  readonly host: Host;
  readonly protocol: ProtocolLike | undefined;
  /** Queue group or durable consumer. */
  readonly group?: string | undefined;
  /** The subscription's subject or the consumer's filter; a template for names where it has wildcards. */
  readonly pattern?: string | undefined;
  /** False where the consumer's ack policy is `none`: then nobody will ever settle. */
  readonly settles?: boolean;
  /** Milliseconds. */
  readonly ackWait?: number | undefined;
}

const DELIVERY = createContextKey('tailrace nats delivery');
/** A property, for the reason given at `ARRIVED`. */
const PROCESSING = Symbol('tailrace.processing');

interface Processed {
  [PROCESSING]?: Processing;
}

const waiting = new Set<Processing>();

/** The delivery whose handler is running. */
export const activeDelivery = (): Processing | undefined =>
  context.active().getValue(DELIVERY) as Processing | undefined;

/** The delivery that a message object was handed over with. */
export const processingOf = (message: object): Processing | undefined => (message as Processed)[PROCESSING];

export type Settlement = 'ack' | 'nak' | 'term' | 'working';

/**
 * One delivery of one message to the application, from hand-over until it is both handled and settled.
 *
 * The span ends at the later of the handler's end and the settlement (or the answer, for a request). Where
 * the second never comes, it ends after a wait, dated back to the handler's end.
 */
export class Processing {
  readonly span: Span;
  readonly context: Context;
  /** The span that published the message. */
  readonly producer: SpanContext | undefined;
  readonly reply: string | undefined;
  private readonly isRequest: boolean;
  private readonly patience: number;
  private settled: boolean;
  private handledAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(source: Source, message: MessageLike, kind: SubjectKind) {
    const info = parseAckSubject(message.reply);
    const from = extractContext(message.headers);
    this.producer = trace.getSpanContext(from);
    this.reply = message.reply || undefined;
    this.isRequest = info === undefined && this.reply !== undefined;
    this.settled = info ? source.settles === false || message.didAck === true : !this.isRequest;
    const config = source.host.config();
    this.patience = this.isRequest
      ? (config.respondWait ?? DEFAULT_RESPOND_WAIT)
      : (source.ackWait ?? config.ackWait ?? DEFAULT_ACK_WAIT);
    const template = templateOf(source, message.subject, kind);
    this.span = source.host.tracer().startSpan(
      `process ${template ?? (kind === 'inbox' ? '(temporary)' : message.subject)}`,
      {
        kind: this.isRequest ? SpanKind.SERVER : SpanKind.CONSUMER,
        attributes: processingAttributes(source, message, kind, info, template),
        links: this.producer ? [{ context: this.producer }] : [],
      },
      from,
    );
    this.context = trace.setSpan(from, this.span).setValue(DELIVERY, this);
    (message as Processed)[PROCESSING] = this;
  }

  /** The handler threw or its promise was rejected. */
  failed(error: unknown): void {
    markException(this.span, error);
  }

  /** `awaited`: the handler returned a promise and it settled, so that no answer will come later. */
  handled(awaited = false): void {
    if (this.handledAt !== undefined) return;
    this.handledAt = performance.now();
    if (this.settled || (this.isRequest && awaited)) {
      this.span.end();
      return;
    }
    waiting.add(this);
    this.timer = setTimeout(() => this.giveUp(), this.patience);
    this.timer.unref();
  }

  /** No settlement came: the span ends when the handler did. */
  giveUp(): void {
    if (!waiting.delete(this)) return;
    clearTimeout(this.timer);
    this.span.end(this.handledAt);
  }

  settle(how: Settlement, attributes: Attributes = {}): void {
    if (this.span.isRecording()) this.span.addEvent(SETTLE_EVENT, { [ATTR.settle]: how, ...attributes });
    if (how === 'working') this.timer?.refresh();
    else this.finish();
  }

  /** The request was answered. */
  responded(): void {
    if (this.isRequest) this.finish();
  }

  private finish(): void {
    if (this.settled) return;
    this.settled = true;
    if (!waiting.delete(this)) return;
    clearTimeout(this.timer);
    this.span.end();
  }
}

/** Ends the spans that only wait for a settlement: the process is about to end, and nothing more will come. */
export const stopWaiting = (): void => {
  for (const processing of [...waiting]) processing.giveUp();
};

const templateOf = (source: Source, subject: string, kind: SubjectKind): string | undefined => {
  if (kind !== 'user') return undefined;
  const configured = source.host.config().destinationTemplate?.(subject);
  if (configured) return configured;
  return source.pattern && source.pattern !== '>' && hasWildcard(source.pattern) ? source.pattern : undefined;
};

const processingAttributes = (
  source: Source,
  message: MessageLike,
  kind: SubjectKind,
  info: DeliveryInfo | undefined,
  template: string | undefined,
): Attributes => {
  const arrived = arrivalOf(message);
  const id =
    headerValue(message.headers, 'Nats-Msg-Id') ??
    (info ? storedMessageId(info.stream, info.streamSequence) : undefined);
  return {
    ...operationAttributes('process', destinationName(message.subject, kind), source.protocol),
    [ATTR.bodySize]: message.data.length,
    ...(id === undefined ? {} : { [ATTR.messageId]: id }),
    ...(source.group ? { [ATTR.group]: source.group } : {}),
    ...(template ? { [ATTR.template]: template } : {}),
    ...(kind === 'inbox' ? { [ATTR.temporary]: true } : {}),
    ...(info ? deliveryAttributes(info) : {}),
    ...(arrived === undefined ? {} : { [ATTR.clientWait]: Math.round((performance.now() - arrived) * 1e6) }),
  };
};
