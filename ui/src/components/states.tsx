import type { ComponentChildren } from 'preact';
import type { ApiFailure } from '../state/api.ts';
import type { Resource } from '../state/resource.ts';
import './states.css';

export const Loading = ({ what }: { readonly what: string }) => (
  <div class="skeleton" role="status" aria-label={`Loading ${what}`}>
    {Array.from({ length: 9 }, (_, index) => (
      <i key={index} />
    ))}
  </div>
);

/** Nothing there, and what that means. */
export const Nothing = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) => (
  <div class="state">
    <div class="state__title">{title}</div>
    <div class="mid">{children}</div>
  </div>
);

export const Failed = ({ failure, retry }: { readonly failure: ApiFailure; readonly retry?: () => void }) => (
  <div class="state state--failed" role="alert">
    <div class="state__title">{failure.message}</div>
    {failure.hint ? <div class="mid">{failure.hint}</div> : null}
    {retry ? (
      <button type="button" class="btn" onClick={retry}>
        Try again
      </button>
    ) : null}
  </div>
);

/** Loading, failed or there: the data stays on the page while a newer answer is under way. */
export const Loaded = <T,>(props: {
  readonly resource: Resource<T>;
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}) => {
  const { data, failure, reload } = props.resource;
  if (data === undefined)
    return failure ? <Failed failure={failure} retry={reload} /> : <Loading what={props.what} />;
  return (
    <>
      {failure ? <Failed failure={failure} retry={reload} /> : null}
      {props.children(data)}
    </>
  );
};
