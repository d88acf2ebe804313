import { serviceColor } from '../lib/service-hue.ts';
import './places.css';

/** The square of a service, in its hue. Decoration: the name stands beside it. */
export const ServiceMark = ({ service }: { readonly service: string }) => (
  <span class="place__mark" aria-hidden="true" style={{ '--service': serviceColor(service) }} />
);

/** The dashed square of a queue. */
export const QueueMark = () => <span class="place__mark place__mark--queue" aria-hidden="true" />;

export const RemoteMark = () => <span class="place__mark place__mark--remote" aria-hidden="true" />;

export const ServiceName = ({ service }: { readonly service: string }) => (
  <span class="place">
    <ServiceMark service={service} />
    <b class="clip">{service}</b>
  </span>
);

/** A queue and, where it is known, who reads from it. */
export const QueueName = ({
  destination,
  group,
}: {
  readonly destination: string;
  readonly group?: string;
}) => (
  <span class="place">
    <QueueMark />
    <b class="clip">{destination}</b>
    {group ? <span class="mid clip">{group}</span> : null}
  </span>
);
