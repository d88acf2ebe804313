import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { type ListenAddress, type Listener, listenOn } from '../net/listener.ts';

/** Serves the API and the explorer. */
export const listenApi = (app: OpenAPIHono, address: ListenAddress): Promise<Listener> =>
  listenOn(createAdaptorServer({ fetch: app.fetch }) as Server, address, 'ui');
