/*
 * meshwright-drain: the preStop hook of a sidecar or gateway.
 *
 *   meshwright-drain <seconds> [<admin port>]
 *
 * Envoy cuts requests in flight when it gets SIGTERM, and a preStop httpGet cannot POST. So this program asks Envoy's
 * admin interface on loopback to drain its inbound listeners without exiting, and waits until the pod is quiet, at most
 * <seconds> (the pod's grace period less 5). It exits with 0 also when Envoy does not answer, for the pod must end; only
 * wrong arguments are an error (2).
 *
 * What the application itself calls is not drained: kubelet runs this hook when the termination begins, also on a native
 * sidecar, and the application may still have calls to make. They end with it.
 *
 * Quiet is: no request and no TCP connection is open, and no request came for QUIET_MS. The second half covers clients
 * that have not yet heard that this endpoint is leaving: between two short requests nothing is open either.
 * Source: https://www.envoyproxy.io/docs/envoy/latest/operations/admin#post--drain_listeners
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

enum { ADMIN_PORT = 15000, POLL_MS = 200, QUIET_MS = 1000, LINE_BYTES = 4096 };

#define DRAIN_PATH "/drain_listeners?inboundonly&graceful&skip_exit"
#define STATS_PATH "/stats?usedonly&filter=downstream_%28rq%7Ccx%29_%28active%7Ctotal%29"

/* What Envoy's statistics say about the pod's traffic; the admin interface itself does not count. */
struct traffic {
  long long open_requests;
  long long http_connections;
  long long connections;
  long long requests_so_far;
};

/* An answer being read. */
struct answer {
  FILE *stream;
  int is_chunked;
  long chunk_bytes; /* left of the current chunk */
};

static int starts_with(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

static FILE *connect_admin(int port) {
  const int connection = connect_loopback(port);
  FILE *stream = connection < 0 ? NULL : fdopen(connection, "r+");
  if (stream == NULL && connection >= 0) close(connection);
  return stream;
}

/* Reads the status line and the headers; 1 when the answer is a 200. Envoy writes header names in lower case. */
static int read_head(struct answer *answer) {
  char line[LINE_BYTES];
  if (fgets(line, sizeof line, answer->stream) == NULL || strstr(line, " 200 ") == NULL) return 0;
  while (fgets(line, sizeof line, answer->stream) != NULL && line[0] != '\r') {
    if (starts_with(line, "transfer-encoding: chunked")) answer->is_chunked = 1;
  }
  return 1;
}

/* Sends a request to the admin interface; 1 when it is answered by a 200, whose body is then to be read and closed. */
static int ask(struct answer *answer, int port, const char *method, const char *path) {
  memset(answer, 0, sizeof *answer);
  answer->stream = connect_admin(port);
  if (answer->stream == NULL) return 0;
  fprintf(answer->stream, "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", method,
          path);
  fflush(answer->stream);
  if (read_head(answer)) return 1;
  fclose(answer->stream);
  return 0;
}

/* Returns the next byte of the body, without the framing of chunks, which may stand in the middle of a line. */
static int next_byte(struct answer *answer) {
  char line[LINE_BYTES];
  if (answer->is_chunked && answer->chunk_bytes == 0) {
    if (fgets(line, sizeof line, answer->stream) == NULL) return EOF;
    /* The line that ends the chunk before. */
    if (line[0] == '\r' && fgets(line, sizeof line, answer->stream) == NULL) return EOF;
    answer->chunk_bytes = strtol(line, NULL, 16);
    if (answer->chunk_bytes <= 0) return EOF;
  }
  if (answer->is_chunked) answer->chunk_bytes -= 1;
  return getc(answer->stream);
}

/* Reads a line of the body; 0 at its end. What does not fit is dropped: no name that matters is so long. */
static int next_line(struct answer *answer, char *line) {
  size_t length = 0;
  int byte = next_byte(answer);
  if (byte == EOF) return 0;
  for (; byte != EOF && byte != '\n'; byte = next_byte(answer))
    if (length < LINE_BYTES - 1) line[length++] = (char)byte;
  line[length] = '\0';
  return 1;
}

/* Adds one line of the statistics, `<name>: <value>`. */
static void count(struct traffic *traffic, const char *line) {
  const char *value = strrchr(line, ':');
  if (value == NULL) return;
  const long long number = atoll(value + 1);
  const int is_http = starts_with(line, "http.") && !starts_with(line, "http.admin.");
  /* The same connections are counted per worker thread again. */
  const int is_listener =
      starts_with(line, "listener.") && !starts_with(line, "listener.admin.") && strstr(line, ".worker_") == NULL;
  const int is_workload = starts_with(line, "http.inbound") || starts_with(line, "http.outbound");
  if (is_http && strstr(line, ".downstream_rq_active:")) traffic->open_requests += number;
  if (is_http && strstr(line, ".downstream_cx_active:")) traffic->http_connections += number;
  if (is_listener && strstr(line, ".downstream_cx_active:")) traffic->connections += number;
  if (is_workload && strstr(line, ".downstream_rq_total:")) traffic->requests_so_far += number;
}

/* 1 when Envoy answered. */
static int read_traffic(int port, struct traffic *traffic) {
  struct answer answer;
  char line[LINE_BYTES];
  memset(traffic, 0, sizeof *traffic);
  if (!ask(&answer, port, "GET", STATS_PATH)) return 0;
  while (next_line(&answer, line)) count(traffic, line);
  fclose(answer.stream);
  return 1;
}

static int drain_listeners(int port) {
  struct answer answer;
  if (!ask(&answer, port, "POST", DRAIN_PATH)) return 0;
  fclose(answer.stream);
  return 1;
}

/* HTTP connections may stay open without a request; any other connection is one that is in use. */
static int is_busy(const struct traffic *traffic) {
  return traffic->open_requests > 0 || traffic->connections > traffic->http_connections;
}

static void wait_until_quiet(int port, long long deadline) {
  struct traffic traffic;
  long long last_requests = -1;
  long long quiet_since = now_ms();
  while (now_ms() < deadline && read_traffic(port, &traffic)) {
    if (is_busy(&traffic) || traffic.requests_so_far != last_requests) quiet_since = now_ms();
    if (now_ms() - quiet_since >= QUIET_MS) return;
    last_requests = traffic.requests_so_far;
    wait_ms(POLL_MS);
  }
}

int drain_main(int argc, char **argv) {
  const long seconds = argc > 1 ? parse_number(argv[1], 0, 86400) : -1;
  const long port = argc > 2 ? parse_number(argv[2], 1, 65535) : ADMIN_PORT;
  if (argc > 3 || seconds < 0 || port < 0) {
    fprintf(stderr, "usage: meshwright-drain <seconds> [<admin port>]\n");
    return 2;
  }
  const long long deadline = now_ms() + seconds * 1000LL;
  if (drain_listeners((int)port)) wait_until_quiet((int)port, deadline);
  return 0;
}
