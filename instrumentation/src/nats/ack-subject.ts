/** What JetStream writes into the reply subject of every message that it delivers. */
export interface DeliveryInfo {
  readonly stream: string;
  readonly consumer: string;
  /** 1 for the first delivery. */
  readonly deliveryCount: number;
  readonly streamSequence: number;
  /** When the server stored the message: Unix nanoseconds as decimal digits (a JS number cannot hold them). */
  readonly storedAt: string;
  /** Messages of the stream that this consumer had not been given yet. */
  readonly pending: number;
}

const ACK_PREFIX = '$JS.ACK.';

/**
 * Reads `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>` or the longer
 * form with domain and account hash after `ACK`. Returns undefined for any other reply subject.
 */
export const parseAckSubject = (reply: string | undefined): DeliveryInfo | undefined => {
  if (!reply?.startsWith(ACK_PREFIX)) return undefined;
  const tokens = reply.split('.');
  const first = tokens.length === 9 ? 2 : 4;
  if (tokens.length !== 9 && tokens.length < 11) return undefined;
  const [stream, consumer, delivered, sequence, , storedAt, pending] = tokens.slice(first);
  const info = {
    stream: stream as string,
    consumer: consumer as string,
    deliveryCount: Number(delivered),
    streamSequence: Number(sequence),
    storedAt: storedAt as string,
    pending: Number(pending),
  };
  const valid = Number.isInteger(info.deliveryCount) && Number.isInteger(info.streamSequence);
  return valid && /^\d+$/.test(info.storedAt) ? info : undefined;
};
