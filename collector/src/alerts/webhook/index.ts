export { type Delivery, type Notify, webhookSender } from './sender.ts';
