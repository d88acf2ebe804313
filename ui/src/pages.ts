import type { ComponentType } from 'preact';
import { FlowsPage } from './pages/flows/FlowsPage.tsx';

/** `id` is the part of the path that names one thing, still percent-encoded. */
export type Page = ComponentType<{ readonly id: string }>;

export interface Route {
  readonly pattern: RegExp;
  readonly title: string;
  readonly load: () => Promise<Page>;
}

/** First match wins. Flows comes with the first load, the other pages when they are asked for. */
const ROUTES: readonly Route[] = [
  { pattern: /^\/$/, title: 'Flows', load: async () => FlowsPage },
  {
    pattern: /^\/flow\/([^/]+)$/,
    title: 'Flow',
    load: async () => (await import('./pages/flow/FlowPage.tsx')).FlowPage,
  },
  { pattern: /^\/map$/, title: 'Map', load: async () => (await import('./pages/map/MapPage.tsx')).MapPage },
  {
    pattern: /^\/chains$/,
    title: 'Chains',
    load: async () => (await import('./pages/chains/ChainsPage.tsx')).ChainsPage,
  },
  {
    pattern: /^\/queues$/,
    title: 'Queues',
    load: async () => (await import('./pages/queues/QueuesPage.tsx')).QueuesPage,
  },
  {
    pattern: /^\/queues\/([^/]+)$/,
    title: 'Queue',
    load: async () => (await import('./pages/queues/QueuePage.tsx')).QueuePage,
  },
  {
    pattern: /^\/findings$/,
    title: 'Findings',
    load: async () => (await import('./pages/findings/FindingsPage.tsx')).FindingsPage,
  },
  {
    pattern: /^\/alerts$/,
    title: 'Alerts',
    load: async () => (await import('./pages/alerts/AlertsPage.tsx')).AlertsPage,
  },
  {
    pattern: /^\/status$/,
    title: 'Set up and status',
    load: async () => (await import('./pages/status/StatusPage.tsx')).StatusPage,
  },
];

export const routeOf = (path: string): { route: Route; id: string } | undefined => {
  for (const route of ROUTES) {
    const match = route.pattern.exec(path);
    if (match) return { route, id: match[1] ?? '' };
  }
  return undefined;
};
