/** The shop's services: where each listens and which neighbours it knows. */

interface Service {
  readonly name: string;
  readonly address: 'http' | 'grpc';
  /** Services whose address it is told, as `<NAME>_URL` for REST or `<NAME>_ADDRESS` for gRPC. */
  readonly calls: readonly string[];
}

export const SERVICES = [
  { name: 'gateway', address: 'http', calls: ['checkout'] },
  { name: 'checkout', address: 'http', calls: ['discount', 'shipping-quote', 'orders', 'payment'] },
  { name: 'discount', address: 'http', calls: ['loyalty'] },
  { name: 'loyalty', address: 'http', calls: [] },
  { name: 'shipping-quote', address: 'http', calls: [] },
  { name: 'orders', address: 'grpc', calls: ['inventory', 'payment'] },
  { name: 'inventory', address: 'grpc', calls: [] },
  { name: 'payment', address: 'grpc', calls: ['shipping-quote'] },
  { name: 'shipping', address: 'http', calls: [] },
  { name: 'email', address: 'http', calls: [] },
  { name: 'analytics', address: 'http', calls: [] },
  { name: 'billing', address: 'http', calls: [] },
] as const satisfies readonly Service[];

export type ServiceName = (typeof SERVICES)[number]['name'];

export type Ports = Readonly<Record<ServiceName, number>>;

const variable = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** The environment variables that tell a service its own port and its neighbours' addresses. */
export const addressesFor = (name: ServiceName, ports: Ports): Record<string, string> => {
  const service = SERVICES.find((candidate) => candidate.name === name);
  const environment: Record<string, string> = { PORT: String(ports[name]) };
  for (const neighbour of SERVICES) {
    if (!service?.calls.some((called) => called === neighbour.name)) continue;
    const address = `127.0.0.1:${ports[neighbour.name]}`;
    if (neighbour.address === 'grpc') environment[`${variable(neighbour.name)}_ADDRESS`] = address;
    else environment[`${variable(neighbour.name)}_URL`] = `http://${address}`;
  }
  return environment;
};
