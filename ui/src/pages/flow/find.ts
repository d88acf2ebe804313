import { attributeText } from '../../lib/attribute-text.ts';
import type { FlowModel, Item } from './model.ts';

const textOf = (item: Item): string => {
  if (item.kind === 'wait') {
    const { destination, system, consumerGroup, consumerService, messageId } = item.delivery;
    return [destination, system, consumerGroup, consumerService, messageId].join('\n').toLowerCase();
  }
  const { span } = item;
  const attributes = Object.entries(span.attributes).map(([key, value]) => `${key}=${attributeText(value)}`);
  const events = span.events.map((event) => event.name);
  return [
    span.name,
    item.label,
    span.service,
    span.spanId,
    span.status.message ?? '',
    ...attributes,
    ...events,
  ]
    .join('\n')
    .toLowerCase();
};

/** The rows that hold every word, in the order of the waterfall. Names, services, attributes and events count. */
export const findInFlow = (model: FlowModel, text: string): Item[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return model.groups
    .flatMap((group) => group.items)
    .filter((item) => {
      const content = textOf(item);
      return words.every((word) => content.includes(word));
    });
};
