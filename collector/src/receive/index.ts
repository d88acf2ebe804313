export { listenGrpc } from './grpc.ts';
export { listenHttp } from './http.ts';
