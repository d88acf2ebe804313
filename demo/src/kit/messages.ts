/** The shop's streams, with the subjects that each keeps. */
export const STREAMS = {
  ORDERS: ['orders.created', 'orders.completed', 'orders.cancelled'],
  MAIL: ['mail.queued'],
  /** Only `queue-rpc` uses it: fraud checks that are asked and answered by message. */
  CHECKS: ['checks.requested', 'checks.answered.*'],
} as const;

export type StreamName = keyof typeof STREAMS;

export type OrderSubject = (typeof STREAMS)['ORDERS'][number];

/** What each `orders.*` message carries. */
export interface OrderEvent {
  readonly orderId: string;
  readonly customer: string;
  readonly product: string;
  readonly quantity: number;
  readonly amountCents: number;
}

/** `mail.queued` */
export interface Mail {
  readonly orderId: string;
  readonly to: string;
  readonly template: string;
}

/** `checks.requested`: the answer goes to `replyTo`, one of `checks.answered.*`. */
export interface FraudCheck {
  readonly orderId: string;
  readonly amountCents: number;
  readonly replyTo: string;
}

/** `checks.answered.<instance>` */
export interface FraudScore {
  readonly orderId: string;
  readonly score: number;
}

/** The order as `proto/orders.proto` describes it. */
export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly product: string;
  readonly quantity: number;
  readonly amountCents: number;
  readonly status: 'created' | 'completed' | 'cancelled';
}

export type NewOrder = Omit<Order, 'id' | 'status'>;
