import { useEffect, useErrorBoundary, useRef, useState } from 'preact/hooks';
import { HelpSheet } from './components/HelpSheet.tsx';
import { LostBanner } from './components/LostBanner.tsx';
import { Failed, Loading, Nothing } from './components/states.tsx';
import { TopBar } from './components/TopBar.tsx';
import { type Page, type Route, routeOf } from './pages.ts';
import { ApiFailure } from './state/api.ts';
import { followLinks, navigate, place } from './state/location.ts';
import { rangedHref } from './state/range.ts';
import { toFailure } from './state/resource.ts';
import { useShortcuts } from './state/shortcuts.ts';
import { nextTheme } from './state/theme.ts';

type Shown =
  | { readonly route: Route; readonly page: Page }
  | { readonly route: Route; readonly failed: true };

/** The page's code; it is fetched once and kept by the module system. */
const usePage = (route: Route | undefined): Shown | undefined => {
  const [shown, show] = useState<Shown | undefined>();
  useEffect(() => {
    if (!route) return undefined;
    let wanted = true;
    route.load().then(
      (page) => wanted && show({ route, page }),
      () => wanted && show({ route, failed: true }),
    );
    return () => {
      wanted = false;
    };
  }, [route]);
  return shown?.route === route ? shown : undefined;
};

const PageView = () => {
  const { path } = place.value;
  const found = routeOf(path);
  const shown = usePage(found?.route);
  if (!found)
    return (
      <Nothing title="There is no such page">
        <a href="/">See all flows</a>
      </Nothing>
    );
  if (!shown) return <Loading what={found.route.title} />;
  if ('failed' in shown)
    return (
      <Failed
        failure={
          new ApiFailure('code', 'This page could not be loaded.', 'The collector may have been updated.')
        }
        retry={() => window.location.reload()}
      />
    );
  return <shown.page id={found.id} />;
};

/** Data that a page cannot draw must not take the shell with it; another view gets another chance. */
const Guarded = ({ view }: { readonly view: string }) => {
  const [error, reset] = useErrorBoundary();
  useEffect(reset, [view]);
  if (error === undefined || error === null) return <PageView />;
  const { message } = toFailure(error);
  return (
    <Failed failure={new ApiFailure('drawing', 'This view could not be drawn.', message)} retry={reset} />
  );
};

const GO = {
  goFlows: '/',
  goMap: '/map',
  goChains: '/chains',
  goQueues: '/queues',
  goFindings: '/findings',
  goAlerts: '/alerts',
  goStatus: '/status',
} as const;

const goHandlers = Object.fromEntries(
  Object.entries(GO).map(([id, path]) => [id, () => navigate(rangedHref(path))]),
) as Record<keyof typeof GO, () => void>;

export const App = () => {
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const { path } = place.value;

  useEffect(() => {
    document.addEventListener('click', followLinks);
    return () => document.removeEventListener('click', followLinks);
  }, []);

  // A new page starts at its top, and a screen reader starts with it; the first one keeps the browser's own focus.
  useEffect(() => {
    document.title = `${routeOf(path)?.route.title ?? 'Not found'} · Tailrace`;
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);

  useShortcuts({ ...goHandlers, help: () => setHelp(true), theme: nextTheme });

  return (
    <>
      <TopBar onHelp={() => setHelp(true)} />
      <LostBanner />
      <main ref={main} tabIndex={-1} id="main">
        <Guarded view={path} />
      </main>
      {help ? <HelpSheet onClose={() => setHelp(false)} /> : null}
    </>
  );
};
