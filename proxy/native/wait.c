/*
 * meshwright-wait: the postStart hook of a sidecar that is a plain container.
 *
 *   meshwright-wait <seconds> [<health port>]
 *
 * Kubelet starts a pod's next container when the hook of the one before has ended. So this program asks the sidecar on
 * loopback until it is ready, which is when it has its configuration, and then exits with 0. After <seconds> it gives up
 * with 1, whereupon kubelet restarts the sidecar; wrong arguments are 2.
 * Source: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#container-hooks
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "program.h"

enum { HEALTH_PORT = 15021, POLL_MS = 100, LINE_BYTES = 256 };

#define REQUEST "GET /healthz/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

/* 1 when the sidecar answers with a 200. MSG_NOSIGNAL: one that has just ended must not end this program too. */
static int is_ready(int port) {
  char status[LINE_BYTES] = "";
  const int connection = connect_loopback(port);
  if (connection < 0) return 0;
  if (send(connection, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) > 0)
    /* Whole in one segment: a status line that is not is asked for again. */
    recv(connection, status, sizeof status - 1, 0);
  close(connection);
  return strncmp(status, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 ")) == 0;
}

int wait_main(int argc, char **argv) {
  const long seconds = argc > 1 ? parse_number(argv[1], 1, 86400) : -1;
  const long port = argc > 2 ? parse_number(argv[2], 1, 65535) : HEALTH_PORT;
  if (argc > 3 || seconds < 0 || port < 0) {
    fprintf(stderr, "usage: meshwright-wait <seconds> [<health port>]\n");
    return 2;
  }
  for (const long long deadline = now_ms() + seconds * 1000LL; now_ms() < deadline; wait_ms(POLL_MS))
    if (is_ready((int)port)) return 0;
  fprintf(stderr, "the sidecar was not ready within %ld s: its log says why\n", seconds);
  return 1;
}
