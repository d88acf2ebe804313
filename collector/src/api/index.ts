export { type ApiOptions, createApi } from './app.ts';
export { listenApi } from './listen.ts';
