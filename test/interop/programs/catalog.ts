import { serveEcho, speakAfterIdling, speakEarlyHalfClose, speakEcho, speakHalfClose } from "./echo.ts";
import { serveNats, serveSmtp, speakNats, speakSmtp } from "./greetings.ts";
import { serveGrpc, speakGrpc, speakGrpcStream } from "./grpc.ts";
import {
  serveHttp,
  speakHealth,
  speakHttp10,
  speakHttp11,
  speakHttpForAnotherHost,
  speakKeepAlive,
  speakLargeHeader,
  speakServerSentEvents,
  speakTooLargeHeader,
  speakWebSocket,
} from "./http.ts";
import { serveHttp2, speakHttp2 } from "./http2.ts";
import { serveMongo, speakMongo } from "./mongo.ts";
import { serveMysql, speakMysql, speakMysqlWithoutPatience } from "./mysql.ts";
import { servePostgres, speakPostgres } from "./postgres.ts";
import type { Serve, Speak } from "./protocol.ts";
import { serveRedis, speakRedis } from "./redis.ts";
import { serveTls, speakTls, speakTlsAlpn, speakTlsOtherAlpn } from "./tls.ts";
import { serveUdp, speakUdp } from "./udp.ts";

/** Servers by what they serve. */
export const servers = {
  http: serveHttp,
  h2c: serveHttp2,
  grpc: serveGrpc,
  bytes: serveEcho,
  tls: serveTls,
  mysql: serveMysql,
  smtp: serveSmtp,
  nats: serveNats,
  redis: serveRedis,
  postgres: servePostgres,
  mongo: serveMongo,
  udp: serveUdp,
} as const satisfies Record<string, Serve>;

export type ServerName = keyof typeof servers;

/** Clients by what they speak. */
export const clients = {
  health: speakHealth,
  "HTTP/1.0": speakHttp10,
  "HTTP/1.1": speakHttp11,
  "HTTP for another host": speakHttpForAnotherHost,
  "60 KB of headers": speakLargeHeader,
  "70 KB of headers": speakTooLargeHeader,
  "kept-alive HTTP": speakKeepAlive,
  WebSocket: speakWebSocket,
  "server-sent events": speakServerSentEvents,
  "HTTP/2": speakHttp2,
  gRPC: speakGrpc,
  "gRPC stream": speakGrpcStream,
  bytes: speakEcho,
  "half-close": speakHalfClose,
  "early half-close": speakEarlyHalfClose,
  "idle connection": speakAfterIdling,
  TLS: speakTls,
  "TLS with ALPN": speakTlsAlpn,
  "TLS with other ALPN": speakTlsOtherAlpn,
  MySQL: speakMysql,
  "MySQL without patience": speakMysqlWithoutPatience,
  SMTP: speakSmtp,
  NATS: speakNats,
  Redis: speakRedis,
  PostgreSQL: speakPostgres,
  MongoDB: speakMongo,
  UDP: speakUdp,
} as const satisfies Record<string, Speak>;

export type ClientName = keyof typeof clients;
