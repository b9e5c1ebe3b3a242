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
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { HEALTH_PORT = 15021, POLL_MS = 100, IO_TIMEOUT_S = 2, LINE_BYTES = 256 };

#define REQUEST "GET /healthz/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int connect_health(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct timeval timeout = {IO_TIMEOUT_S, 0};
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0) return -1;
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0) return connection;
  close(connection);
  return -1;
}

/* 1 when the sidecar answers with a 200. MSG_NOSIGNAL: one that has just ended must not end this program too. */
static int is_ready(int port) {
  char status[LINE_BYTES] = "";
  const int connection = connect_health(port);
  if (connection < 0) return 0;
  if (send(connection, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) > 0)
    /* Whole in one segment: a status line that is not is asked for again. */
    recv(connection, status, sizeof status - 1, 0);
  close(connection);
  return strncmp(status, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 ")) == 0;
}

/* Parses a whole decimal number from 1 to maximum; -1 for anything else. */
static long parse(const char *text, long maximum) {
  char *end = NULL;
  const long number = strtol(text, &end, 10);
  return *text == '\0' || *end != '\0' || number < 1 || number > maximum ? -1 : number;
}

int main(int argc, char **argv) {
  const struct timespec pause = {0, POLL_MS * 1000000L};
  const long seconds = argc > 1 ? parse(argv[1], 86400) : -1;
  const long port = argc > 2 ? parse(argv[2], 65535) : HEALTH_PORT;
  if (argc > 3 || seconds < 0 || port < 0) {
    fprintf(stderr, "usage: meshwright-wait <seconds> [<health port>]\n");
    return 2;
  }
  for (const long long deadline = now_ms() + seconds * 1000LL; now_ms() < deadline; nanosleep(&pause, NULL))
    if (is_ready((int)port)) return 0;
  fprintf(stderr, "the sidecar was not ready within %ld s: its log says why\n", seconds);
  return 1;
}
