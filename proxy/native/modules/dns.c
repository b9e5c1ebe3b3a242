/*
 * libmeshwright_dns.so: a UDP listener filter for Envoy that answers the mesh's own names, and leaves every other query to
 * the filter behind it, which hands it unchanged to the pod's nameserver. Envoy's own DNS filter cannot do that: it always
 * answers itself, and wrongly where it does not know (docs/decisions/0010-dns-capture.md).
 *
 * What it knows comes apart from it, as the configuration of a listener filter of the same module, on a listener to which
 * nobody connects: a change of the UDP listener itself would cost the answers that it waits for. The latest table counts;
 * without one the nameserver is asked everything.
 *
 * A table is lines of text. The first is the cluster's domain; each other one is a Service, `<name>.<namespace>`
 * followed by the addresses it has, if it has its own, sorted by name in byte order:
 *
 *   cluster.local
 *   peers.shop
 *   web.shop 198.19.0.10 2001:db8::10
 *
 * Answered are queries for A and AAAA only:
 *   - a Service with addresses: those of the family, or none, which is not the same as "no such name";
 *   - a name below a Service that does not exist, as resolvers make of "web.shop" with a search list: no such name.
 * Not answered, so that the truth comes from the nameserver: a Service without addresses, a name that is unknown, another
 * type, and whatever else a query can be.
 *
 * What comes here was written by the application. Nothing is allocated for it and nothing is kept of it.
 * Sources: RFC 1035, RFC 6891, https://github.com/kubernetes/dns/blob/master/docs/specification.md,
 * https://www.envoyproxy.io/docs/envoy/v1.40.0/intro/arch_overview/advanced/dynamic_modules
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 12, NAME_BYTES = 256, LABEL_BYTES = 63, OPT_BYTES = 11, REPLY_BYTES = 512 };
enum { TYPE_A = 1, TYPE_AAAA = 28, TYPE_OPT = 41, CLASS_IN = 1 };
enum { NO_ERROR = 0, NO_SUCH_NAME = 3 };
/* What we take, in seconds and bytes: the TTL that kubeadm gives CoreDNS, and the size on which resolvers agreed in 2020. */
enum { TTL_S = 30, UDP_BYTES = 1232 };

struct text {
  const char *start;
  size_t length;
};

struct service {
  struct text name;
  /* With spaces between them. */
  struct text addresses;
};

struct table {
  /* The one before it, which counts again when this one goes. */
  struct table *older;
  char *text;
  /* ".svc.<cluster domain>", and the same with the domain once more behind it. */
  char zone[NAME_BYTES];
  char doubled[NAME_BYTES * 2];
  size_t count;
  struct service services[];
};

struct question {
  /* In lower case, with dots between labels and none at the end. */
  char name[NAME_BYTES];
  size_t name_length;
  uint16_t type;
  /* Of header and question. */
  size_t length;
  bool has_opt;
};

struct reply {
  uint8_t bytes[REPLY_BYTES];
  size_t length;
};

static uint16_t read16(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

static void put16(struct reply *reply, unsigned value) {
  reply->bytes[reply->length++] = (uint8_t)(value >> 8);
  reply->bytes[reply->length++] = (uint8_t)value;
}

/* Reads the name; 0 when it is none that could be ours, else the position after it. */
static size_t read_name(const uint8_t *query, size_t length, struct question *question) {
  size_t at = HEADER_BYTES;
  question->name_length = 0;
  while (at < length && query[at] != 0) {
    const size_t label = query[at++];
    if (label > LABEL_BYTES || at + label > length) return 0;
    if (question->name_length + label + 1 >= NAME_BYTES) return 0;
    if (question->name_length > 0) question->name[question->name_length++] = '.';
    for (size_t i = 0; i < label; i++, at++) {
      const char byte = (char)query[at];
      if (byte == '.' || byte == 0) return 0;
      question->name[question->name_length++] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
  }
  question->name[question->name_length] = 0;
  return at < length ? at + 1 : 0;
}

/* Whether what follows the question is one OPT record of version 0 and nothing else. */
static bool is_opt(const uint8_t *record, size_t length) {
  if (length < OPT_BYTES || record[0] != 0 || read16(record + 1) != TYPE_OPT) return false;
  return record[6] == 0 && OPT_BYTES + (size_t)read16(record + 9) == length;
}

/* Reads a plain query with one question; anything else is for the nameserver. */
static bool read_question(const uint8_t *query, size_t length, struct question *question) {
  if (length < HEADER_BYTES) return false;
  const bool is_query = (query[2] & 0xfa) == 0 && (query[3] & 0x0f) == 0;
  const unsigned questions = read16(query + 4), others = read16(query + 6) | read16(query + 8), additional = read16(query + 10);
  if (!is_query || questions != 1 || others != 0 || additional > 1) return false;
  const size_t end = read_name(query, length, question);
  if (end == 0 || end + 4 > length || read16(query + end + 2) != CLASS_IN) return false;
  question->type = read16(query + end);
  question->length = end + 4;
  question->has_opt = additional == 1;
  return question->has_opt ? is_opt(query + question->length, length - question->length) : question->length == length;
}

static bool ends_with(const char *name, size_t length, const char *end) {
  const size_t end_length = strlen(end);
  return length > end_length && memcmp(name + length - end_length, end, end_length) == 0;
}

static int compare(struct text a, struct text b) {
  const int order = memcmp(a.start, b.start, a.length < b.length ? a.length : b.length);
  return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_to_service(const void *name, const void *service) {
  return compare(*(const struct text *)name, ((const struct service *)service)->name);
}

static const struct service *find(const struct table *table, struct text name) {
  return bsearch(&name, table->services, table->count, sizeof *table->services, compare_to_service);
}

/* The last two labels. */
static struct text parent(struct text name) {
  size_t dots = 0, at = name.length;
  while (at > 0 && (name.start[at - 1] != '.' || ++dots < 2)) at--;
  return (struct text){name.start + at, name.length - at};
}

/* Takes the next address off a list; its length in bytes, 0 at the end, -1 when it is none. */
static int next_address(struct text *list, uint8_t address[16]) {
  if (list->length == 0) return 0;
  const char *space = memchr(list->start, ' ', list->length);
  const size_t length = space == NULL ? list->length : (size_t)(space - list->start);
  char text[INET6_ADDRSTRLEN];
  if (length >= sizeof text) return -1;
  memcpy(text, list->start, length);
  text[length] = 0;
  const size_t taken = length + (space != NULL);
  *list = (struct text){list->start + taken, list->length - taken};
  if (inet_pton(AF_INET, text, address) == 1) return 4;
  return inet_pton(AF_INET6, text, address) == 1 ? 16 : -1;
}

/* The query's own header and question, as a response. */
static void begin_reply(struct reply *reply, const uint8_t *query, const struct question *question, unsigned code) {
  memcpy(reply->bytes, query, question->length);
  reply->bytes[2] = (uint8_t)(0x84 | (query[2] & 0x01)); /* response, authoritative, recursion desired as asked */
  reply->bytes[3] = (uint8_t)(0x80 | (query[3] & 0x10) | code); /* recursion available, checking as asked */
  memset(reply->bytes + 6, 0, 6);
  reply->length = question->length;
}

/* One record about the question's name; what does not fit makes the reply a truncated one. */
static void put_address(struct reply *reply, const struct question *question, const uint8_t *address, size_t length) {
  if (reply->length + 12 + length + OPT_BYTES > REPLY_BYTES) {
    reply->bytes[2] |= 0x02;
    return;
  }
  put16(reply, 0xc000 | HEADER_BYTES);
  put16(reply, question->type);
  put16(reply, CLASS_IN);
  put16(reply, 0);
  put16(reply, TTL_S);
  put16(reply, (unsigned)length);
  memcpy(reply->bytes + reply->length, address, length);
  reply->length += length;
  reply->bytes[7]++;
}

static void end_reply(struct reply *reply, const struct question *question) {
  if (!question->has_opt) return;
  reply->bytes[11] = 1;
  reply->bytes[reply->length++] = 0;
  put16(reply, TYPE_OPT);
  put16(reply, UDP_BYTES);
  memset(reply->bytes + reply->length, 0, 6);
  reply->length += 6;
}

static void put_addresses(struct reply *reply, const struct question *question, struct text addresses) {
  const int wanted = question->type == TYPE_A ? 4 : 16;
  uint8_t address[16];
  for (int length; (length = next_address(&addresses, address)) > 0;)
    if (length == wanted) put_address(reply, question, address, (size_t)length);
}

/* Writes the reply; false when the nameserver is to be asked. */
static bool answer(const struct table *table, const uint8_t *query, size_t length, struct reply *reply) {
  struct question question;
  if (!read_question(query, length, &question)) return false;
  if (question.type != TYPE_A && question.type != TYPE_AAAA) return false;
  struct text name = {question.name, question.name_length};
  unsigned code = NO_SUCH_NAME;
  struct text addresses = {NULL, 0};
  if (!ends_with(name.start, name.length, table->doubled)) {
    if (!ends_with(name.start, name.length, table->zone)) return false;
    name.length -= strlen(table->zone);
    const struct text owner = parent(name);
    const struct service *service = find(table, owner);
    const bool is_below = owner.length < name.length;
    if (is_below != (service == NULL)) return false;
    if (!is_below && service->addresses.length == 0) return false;
    if (!is_below) code = NO_ERROR, addresses = service->addresses;
  }
  begin_reply(reply, query, &question, code);
  put_addresses(reply, &question, addresses);
  end_reply(reply, &question);
  return true;
}

static bool are_addresses(struct text list) {
  uint8_t address[16];
  int length;
  do length = next_address(&list, address);
  while (length > 0);
  return length == 0;
}

/* Cuts the next line off a text. */
static struct text next_line(struct text *rest) {
  const char *end = rest->length == 0 ? NULL : memchr(rest->start, '\n', rest->length);
  const size_t length = end == NULL ? rest->length : (size_t)(end - rest->start);
  const struct text line = {rest->start, length};
  const size_t taken = length + (end != NULL);
  *rest = (struct text){rest->start + taken, rest->length - taken};
  return line;
}

static struct service read_service(struct text line) {
  const char *space = line.length == 0 ? NULL : memchr(line.start, ' ', line.length);
  if (space == NULL) return (struct service){line, {NULL, 0}};
  const size_t length = (size_t)(space - line.start);
  return (struct service){{line.start, length}, {space + 1, line.length - length - 1}};
}

static size_t count_lines(struct text text) {
  size_t lines = 1;
  for (size_t i = 0; i < text.length; i++) lines += text.start[i] == '\n';
  return lines;
}

static bool set_zone(struct table *table, struct text domain) {
  if (domain.length == 0 || domain.length + 6 > NAME_BYTES) return false;
  memcpy(table->zone, ".svc.", 5);
  memcpy(table->zone + 5, domain.start, domain.length);
  memcpy(table->doubled, table->zone, 5 + domain.length);
  table->doubled[5 + domain.length] = '.';
  memcpy(table->doubled + 6 + domain.length, domain.start, domain.length);
  return true;
}

static bool fill(struct table *table, struct text rest) {
  if (!set_zone(table, next_line(&rest))) return false;
  while (rest.length > 0) {
    const struct service service = read_service(next_line(&rest));
    if (service.name.length == 0 || !are_addresses(service.addresses)) return false;
    if (table->count > 0 && compare(table->services[table->count - 1].name, service.name) >= 0) return false;
    table->services[table->count++] = service;
  }
  return true;
}

static void free_table(struct table *table) {
  if (table != NULL) free(table->text);
  free(table);
}

/* Reads a configuration; NULL, whereupon Envoy refuses the listener, when it is not in the form above. */
static struct table *new_table(struct text text) {
  struct table *table = calloc(1, sizeof *table + count_lines(text) * sizeof *table->services);
  if (table == NULL) return NULL;
  table->text = malloc(text.length + 1);
  if (table->text != NULL) {
    memcpy(table->text, text.start, text.length);
    if (fill(table, (struct text){table->text, text.length})) return table;
  }
  free_table(table);
  return NULL;
}

/* Every worker reads the latest table, the main thread brings and takes tables. */
static pthread_rwlock_t tables_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct table *latest;

static void add_table(struct table *table) {
  pthread_rwlock_wrlock(&tables_lock);
  table->older = latest;
  latest = table;
  pthread_rwlock_unlock(&tables_lock);
}

static void remove_table(struct table *table) {
  pthread_rwlock_wrlock(&tables_lock);
  struct table **link = &latest;
  while (*link != NULL && *link != table) link = &(*link)->older;
  if (*link != NULL) *link = table->older;
  pthread_rwlock_unlock(&tables_lock);
  free_table(table);
}

static bool answer_from_latest(const uint8_t *query, size_t length, struct reply *reply) {
  pthread_rwlock_rdlock(&tables_lock);
  const bool is_answered = latest != NULL && answer(latest, query, length, reply);
  pthread_rwlock_unlock(&tables_lock);
  return is_answered;
}

/* What follows is Envoy's interface for modules, of which two kinds of filter need these few. */

struct envoy_buffer {
  const uint8_t *data;
  size_t length;
};

enum filter_status { CONTINUE = 0, STOP_ITERATION = 1 };

extern size_t envoy_dynamic_module_callback_udp_listener_filter_get_datagram_data_chunks_size(void *filter);
extern bool envoy_dynamic_module_callback_udp_listener_filter_get_datagram_data_chunks(void *filter,
                                                                                       struct envoy_buffer *chunks);
extern bool envoy_dynamic_module_callback_udp_listener_filter_send_datagram(void *filter, struct envoy_buffer data,
                                                                            struct envoy_buffer peer, uint32_t port);

#define EXPORT __attribute__((visibility("default")))

/* Envoy 1.40's; it compares this with its own and says in its log when they differ. */
EXPORT const char *envoy_dynamic_module_on_program_init(void) { return "v0.2.0"; }

/* The UDP listener filter. It has no state of its own, and Envoy wants a pointer that is not NULL. */

static char stateless;

EXPORT void *envoy_dynamic_module_on_udp_listener_filter_config_new(void *config, struct envoy_buffer name,
                                                                    struct envoy_buffer text) {
  (void)config, (void)name, (void)text;
  return &stateless;
}

EXPORT void envoy_dynamic_module_on_udp_listener_filter_config_destroy(void *config) { (void)config; }

EXPORT void *envoy_dynamic_module_on_udp_listener_filter_new(void *config, void *filter) {
  (void)filter;
  return config;
}

EXPORT void envoy_dynamic_module_on_udp_listener_filter_destroy(void *state) { (void)state; }

EXPORT enum filter_status envoy_dynamic_module_on_udp_listener_filter_on_data(void *filter, void *state) {
  (void)state;
  struct envoy_buffer query;
  /* A query of a kind that we answer is short, and comes in one piece. */
  if (envoy_dynamic_module_callback_udp_listener_filter_get_datagram_data_chunks_size(filter) != 1) return CONTINUE;
  if (!envoy_dynamic_module_callback_udp_listener_filter_get_datagram_data_chunks(filter, &query)) return CONTINUE;
  struct reply reply;
  if (!answer_from_latest(query.data, query.length, &reply)) return CONTINUE;
  const struct envoy_buffer data = {reply.bytes, reply.length}, to_its_sender = {NULL, 0};
  envoy_dynamic_module_callback_udp_listener_filter_send_datagram(filter, data, to_its_sender, 0);
  return STOP_ITERATION;
}

/* The listener filter: its configuration is the table, and a connection, which nobody makes, ends there. */

EXPORT void *envoy_dynamic_module_on_listener_filter_config_new(void *config, struct envoy_buffer name,
                                                                struct envoy_buffer text) {
  (void)config, (void)name;
  struct table *table = new_table((struct text){(const char *)text.data, text.length});
  if (table != NULL) add_table(table);
  return table;
}

EXPORT void envoy_dynamic_module_on_listener_filter_config_destroy(void *table) { remove_table(table); }

EXPORT void *envoy_dynamic_module_on_listener_filter_new(void *table, void *filter) {
  (void)table, (void)filter;
  return &stateless;
}

EXPORT enum filter_status envoy_dynamic_module_on_listener_filter_on_accept(void *filter, void *state) {
  (void)filter, (void)state;
  return STOP_ITERATION;
}

EXPORT enum filter_status envoy_dynamic_module_on_listener_filter_on_data(void *filter, void *state, size_t length) {
  (void)filter, (void)state, (void)length;
  return STOP_ITERATION;
}

EXPORT size_t envoy_dynamic_module_on_listener_filter_get_max_read_bytes(void *filter, void *state) {
  (void)filter, (void)state;
  return 0;
}

EXPORT void envoy_dynamic_module_on_listener_filter_on_close(void *filter, void *state) { (void)filter, (void)state; }

EXPORT void envoy_dynamic_module_on_listener_filter_destroy(void *state) { (void)state; }

/* Asked for, and never called: they belong to what a filter does by itself. */
EXPORT void envoy_dynamic_module_on_listener_filter_scheduled(void) {}
EXPORT void envoy_dynamic_module_on_listener_filter_config_scheduled(void) {}
EXPORT void envoy_dynamic_module_on_listener_filter_http_callout_done(void) {}
