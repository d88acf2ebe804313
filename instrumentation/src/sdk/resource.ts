import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { findService, type ServiceIdentity } from './service.ts';

const ofMainScript = (): ServiceIdentity => {
  const script = process.argv[1];
  const own = script ? findService(dirname(script)) : {};
  return own.name ? own : findService(process.cwd());
};

/**
 * Who sends the spans. Stronger first: `given`, then `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`, then the
 * package.json of the script that was started. No command line and no environment: both carry secrets.
 */
export const tailraceResource = (given: ServiceIdentity = {}): Resource => {
  const service = ofMainScript();
  const detected = resourceFromAttributes({
    ...(service.name ? { 'service.name': service.name } : {}),
    ...(service.version ? { 'service.version': service.version } : {}),
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  });
  return defaultResource()
    .merge(detected)
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(
      resourceFromAttributes({
        ...(given.name ? { 'service.name': given.name } : {}),
        ...(given.version ? { 'service.version': given.version } : {}),
      }),
    );
};
