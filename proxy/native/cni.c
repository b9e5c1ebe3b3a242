/*
 * meshwright-cni: a chained CNI plugin that has the node agent load a meshed pod's redirect rules into its network, so
 * that the pod needs no privileged init container. It decides nothing about the rules and changes nothing of the network
 * itself. Its configuration in the node's conflist:
 *
 *   {"type": "meshwright-cni", "socket": "<driver dir>/cni.sock", "kubeletDir": "/var/lib/kubelet"}
 *
 * ADD and CHECK hand the pod's UID and network namespace to the agent, at most for TIMEOUT_S; ADD then passes the result
 * of the plugins before it through, byte for byte. DEL never waits for anybody: the rules go with the namespace. When
 * the agent is away a meshed pod fails, and the runtime tries again, and any other pod goes on: a pod is meshed when
 * kubelet has given it a volume of our CSI driver, which it does before it asks for a network.
 * Source: https://github.com/containernetworking/cni/blob/spec-v1.1.0/SPEC.md
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "program.h"

enum { TIMEOUT_S = 10, CONFIG_BYTES = 1 << 20, LINE_BYTES = 4096, PATH_BYTES = 1024, UID_BYTES = 65 };

/* Codes of the CNI specification. */
enum { UNSUPPORTED_FIELD = 2, INVALID_CONFIG = 7, TRY_AGAIN_LATER = 11 };

#define DRIVER "identity.meshwright.dev"
#define VERSIONS "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}"

/* A part of the configuration's text. */
struct span {
  const char *start;
  size_t length;
};

/* Says what is wrong in the form of the specification, and ends. The text may be anybody's: it cannot leave its quotes. */
static void fail(int code, const char *message, const char *detail) {
  char line[LINE_BYTES];
  snprintf(line, sizeof line, "meshwright-cni: %s%s", message, detail);
  for (char *at = line; *at != '\0'; at++)
    if (*at == '"' || *at == '\\' || (unsigned char)*at < ' ') *at = '\'';
  printf("{\"cniVersion\":\"1.0.0\",\"code\":%d,\"msg\":\"%s\"}\n", code, line);
  exit(1);
}

static const char *skip_blanks(const char *at) {
  while (*at != '\0' && strchr(" \t\r\n:,", *at) != NULL) at++;
  return at;
}

/* Returns what follows a string that begins here; the end of the text when it is not closed. */
static const char *skip_string(const char *at) {
  for (at++; *at != '\0' && *at != '"'; at++)
    if (*at == '\\' && at[1] != '\0') at++;
  return *at == '"' ? at + 1 : at;
}

/* Returns what follows the value that begins here. */
static const char *skip_value(const char *at) {
  int depth = 0;
  if (*at == '"') return skip_string(at);
  while (*at != '\0') {
    if (*at == '"') {
      at = skip_string(at);
      continue;
    }
    if (*at == '{' || *at == '[') depth++;
    if ((*at == '}' || *at == ']') && depth-- == 0) return at;
    if (depth == 0 && (*at == ',' || *at == '}' || *at == ']')) return *at == ',' ? at : at + 1;
    at++;
  }
  return at;
}

/* Finds a field of the outermost object; length 0 when there is none. The runtime has checked that it is JSON. */
static struct span find_field(const char *json, const char *name) {
  const char *at = strchr(json, '{');
  const size_t length = strlen(name);
  for (at = at == NULL ? "" : skip_blanks(at + 1); *at == '"';) {
    const char *key = at + 1;
    const char *value = skip_blanks(skip_string(at));
    const char *end = skip_value(value);
    if (strncmp(key, name, length) == 0 && key[length] == '"') return (struct span){value, (size_t)(end - value)};
    at = skip_blanks(end);
  }
  return (struct span){json, 0};
}

/* Reads a field that holds a path. */
static void read_path(const char *json, const char *name, char *path) {
  const struct span field = find_field(json, name);
  if (field.length < 3 || field.start[1] != '/' || field.length - 2 >= PATH_BYTES ||
      memchr(field.start, '\\', field.length) != NULL)
    fail(INVALID_CONFIG, "the conflist must set a path as ", name);
  memcpy(path, field.start + 1, field.length - 2);
  path[field.length - 2] = '\0';
}

/* Reads the whole configuration, closed by a zero. */
static const char *read_config(void) {
  static char config[CONFIG_BYTES + 1];
  const size_t length = fread(config, 1, CONFIG_BYTES, stdin);
  if (length == 0 || length == CONFIG_BYTES) fail(INVALID_CONFIG, "the configuration is empty or too long", "");
  return config;
}

/* Reads the pod's UID from CNI_ARGS, `K8S_POD_NAMESPACE=shop;K8S_POD_UID=...`; 0 when no pod is named. */
static int read_uid(char *uid) {
  const char *arguments = getenv("CNI_ARGS");
  const char *at = arguments == NULL ? NULL : strstr(arguments, "K8S_POD_UID=");
  if (at == NULL) return 0;
  at += strlen("K8S_POD_UID=");
  const size_t length = strspn(at, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");
  if (length == 0 || length >= UID_BYTES || (at[length] != '\0' && at[length] != ';')) return 0;
  memcpy(uid, at, length);
  uid[length] = '\0';
  return 1;
}

/* 1 when the file, which kubelet wrote for a volume, names our driver. */
static int is_of_driver(const char *path) {
  char text[LINE_BYTES];
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  const size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = '\0';
  return strstr(text, "\"driverName\":\"" DRIVER "\"") != NULL;
}

/* 1 when kubelet has given the pod a volume of our driver. */
static int is_meshed(const char *kubelet_dir, const char *uid) {
  char pattern[PATH_BYTES * 2];
  glob_t found;
  int meshed = 0;
  snprintf(pattern, sizeof pattern, "%s/pods/%s/volumes/kubernetes.io~csi/*/vol_data.json", kubelet_dir, uid);
  if (glob(pattern, 0, NULL, &found) != 0) return 0;
  for (size_t index = 0; index < found.gl_pathc; index++) meshed |= is_of_driver(found.gl_pathv[index]);
  globfree(&found);
  return meshed;
}

static FILE *connect_agent(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const struct timeval timeout = {TIMEOUT_S, 0};
  if (strlen(path) >= sizeof address.sun_path) return NULL;
  strcpy(address.sun_path, path);
  const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0) return NULL;
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  FILE *stream = NULL;
  if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0) stream = fdopen(connection, "r+");
  if (stream == NULL) close(connection);
  return stream;
}

/* Has the agent load the pod's rules: one line there, `REDIRECT <uid> <netns>`, and one back, `OK` or what is wrong. */
static void redirect(const char *socket_path, const char *uid, const char *netns) {
  char answer[LINE_BYTES];
  FILE *agent = connect_agent(socket_path);
  if (agent == NULL) fail(TRY_AGAIN_LATER, "the node agent is away from ", socket_path);
  fprintf(agent, "REDIRECT %s %s\n", uid, netns);
  fflush(agent);
  if (fgets(answer, sizeof answer, agent) == NULL) fail(TRY_AGAIN_LATER, "the node agent does not answer", "");
  fclose(agent);
  answer[strcspn(answer, "\n")] = '\0';
  if (strcmp(answer, "OK") != 0) fail(TRY_AGAIN_LATER, "", answer);
}

int cni_main(void) {
  char socket_path[PATH_BYTES];
  char kubelet_dir[PATH_BYTES];
  char uid[UID_BYTES];
  const char *command = getenv("CNI_COMMAND");
  const char *netns = getenv("CNI_NETNS");
  const int is_add = command != NULL && strcmp(command, "ADD") == 0;
  if (command != NULL && strcmp(command, "VERSION") == 0) return puts(VERSIONS) == EOF;
  if (!is_add && (command == NULL || strcmp(command, "CHECK") != 0)) return 0;

  const char *config = read_config();
  const struct span result = find_field(config, "prevResult");
  read_path(config, "socket", socket_path);
  read_path(config, "kubeletDir", kubelet_dir);
  if (result.length == 0) fail(INVALID_CONFIG, "it must stand behind another plugin: there is no prevResult", "");
  if (netns == NULL || *netns == '\0') fail(UNSUPPORTED_FIELD, "CNI_NETNS is missing", "");
  if (read_uid(uid) && is_meshed(kubelet_dir, uid)) redirect(socket_path, uid, netns);
  if (is_add) printf("%.*s\n", (int)result.length, result.start);
  return 0;
}
