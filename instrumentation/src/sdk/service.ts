import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a package.json tells about the service. */
export interface ServiceIdentity {
  readonly name?: string;
  readonly version?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const readIdentity = (folder: string): ServiceIdentity | undefined => {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (typeof json !== 'object' || json === null) return undefined;
    const { name, version } = json as { name?: unknown; version?: unknown };
    const identity = {
      ...(text(name) === undefined ? {} : { name: text(name) as string }),
      ...(text(version) === undefined ? {} : { version: text(version) as string }),
    };
    return identity.name === undefined ? undefined : identity;
  } catch {
    return undefined;
  }
};

/** The nearest package.json with a name, from `folder` upwards; empty where there is none. */
export const findService = (folder: string): ServiceIdentity => {
  for (let at = folder; ; at = dirname(at)) {
    const identity = readIdentity(at);
    if (identity) return identity;
    if (dirname(at) === at) return {};
  }
};
