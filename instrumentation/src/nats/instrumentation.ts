import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from '@opentelemetry/instrumentation';
import { VERSION } from '../version.ts';
import type { Host, NatsInstrumentationConfig } from './host.ts';
import { type ClassPatches, natsPatches, type PackagePatches } from './patches.ts';
import { stopWaiting } from './processing.ts';

type Prototype = Record<string, unknown>;

interface ClassLike {
  readonly prototype: Prototype;
}

/**
 * Traces NATS: `nats` 2.x, and `@nats-io/transport-node` with `@nats-io/jetstream` 3.x. An ordinary
 * OpenTelemetry instrumentation, for use in any set-up:
 *
 * ```ts
 * registerInstrumentations({ instrumentations: [new NatsInstrumentation()] });
 * ```
 *
 * It must be enabled before the application loads the client.
 */
export class NatsInstrumentation extends InstrumentationBase<NatsInstrumentationConfig> {
  constructor(config: NatsInstrumentationConfig = {}) {
    super('@tailrace/instrumentation', VERSION, config);
  }

  /** Ends the spans of messages that are handled but not settled yet. For use right before the last export. */
  endUnsettled(): void {
    stopWaiting();
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    const host: Host = {
      tracer: () => this.tracer,
      enabled: () => this.isEnabled(),
      config: () => this.getConfig(),
    };
    return natsPatches(host).map((patches) => this.definition(patches));
  }

  private definition({ name, versions, files }: PackagePatches): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition(
      name,
      versions,
      undefined,
      undefined,
      Object.entries(files).map(
        ([file, patches]) =>
          new InstrumentationNodeModuleFile(
            `${name}/${file}`,
            versions,
            (exports) =>
              this.change(exports, patches, (prototype, method, wrapper) =>
                this._wrap(prototype, method, wrapper as never),
              ),
            (exports) =>
              this.change(exports, patches, (prototype, method) => this._unwrap(prototype, method)),
          ),
      ),
    );
  }

  private change(
    exports: Record<string, ClassLike | undefined>,
    patches: ClassPatches,
    apply: (prototype: Prototype, method: string, wrapper: unknown) => void,
  ): unknown {
    for (const [className, methods] of Object.entries(patches)) {
      const prototype = exports?.[className]?.prototype;
      for (const [method, wrapper] of Object.entries(methods)) {
        if (typeof prototype?.[method] === 'function') apply(prototype, method, wrapper);
        else this._diag.debug(`${className}.${method} is not there to patch`);
      }
    }
    return exports;
  }
}
