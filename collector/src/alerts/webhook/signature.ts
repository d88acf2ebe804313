import { createHmac } from 'node:crypto';

/**
 * Value of the `tailrace-signature` header: `t=<Unix seconds>,v1=<hex>`.
 * v1 is the HMAC-SHA256 of `<t>.<body>`; the time is signed too, so that an old request cannot be replayed.
 */
export const signature = (secret: string, body: string, seconds: number): string => {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`, 'utf8').digest('hex');
  return `t=${seconds},v1=${mac}`;
};
