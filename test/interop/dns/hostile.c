/* Feeds the module's own code what an application or a broken control plane may send; built with sanitizers by module.itest.ts. */
#include "../../../proxy/native/modules/dns.c"

#include <stdio.h>

size_t envoy_dynamic_module_callback_udp_listener_filter_get_datagram_data_chunks_size(void *filter) {
  (void)filter;
  return 0;
}

bool envoy_dynamic_module_callback_udp_listener_filter_get_datagram_data_chunks(void *filter, struct envoy_buffer *chunks) {
  (void)filter, (void)chunks;
  return false;
}

bool envoy_dynamic_module_callback_udp_listener_filter_send_datagram(void *filter, struct envoy_buffer data,
                                                                     struct envoy_buffer peer, uint32_t port) {
  (void)filter, (void)data, (void)peer, (void)port;
  return false;
}

/* Of the exact length, so that a byte read beyond is seen. */
static bool ask(const struct table *table, const uint8_t *bytes, size_t length) {
  uint8_t *query = malloc(length > 0 ? length : 1);
  memcpy(query, bytes, length);
  struct reply reply;
  const bool is_answered = answer(table, query, length, &reply);
  free(query);
  return is_answered;
}

static struct table *load(const char *text, size_t length) {
  char *copy = malloc(length > 0 ? length : 1);
  memcpy(copy, text, length);
  struct table *table = new_table((struct text){copy, length});
  free(copy);
  return table;
}

int main(void) {
  const char good[] = "cluster.local\na.b\nmany.shop 198.19.0.1 198.19.0.2 2001:db8::1\nweb.shop 198.19.0.10";
  const uint8_t query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x03web\x04shop\x03svc\x07"
                          "cluster\x05local\x00\x00\x01\x00\x01\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00";
  const size_t length = sizeof query;
  struct table *table = load(good, sizeof good - 1);
  long answered = 0;
  srand(1);
  if (table == NULL || !ask(table, query, length)) return 1;
  for (size_t cut = 0; cut < length; cut++) answered += ask(table, query, cut);
  for (int round = 0; round < 2000000; round++) {
    uint8_t bent[600];
    const size_t bent_length = round % 4 == 0 ? (size_t)rand() % sizeof bent : length;
    for (size_t i = 0; i < bent_length; i++) bent[i] = i < length ? query[i] : (uint8_t)rand();
    for (int change = rand() % 4; change >= 0 && bent_length > 0; change--) bent[(size_t)rand() % bent_length] = (uint8_t)rand();
    answered += ask(table, bent, bent_length);
  }
  free_table(table);
  for (int round = 0; round < 200000; round++) {
    char bent[sizeof good];
    memcpy(bent, good, sizeof good);
    for (int change = rand() % 4; change >= 0; change--) bent[(size_t)rand() % sizeof bent] = " \n.:aZ9\0"[rand() % 8];
    table = load(bent, (size_t)rand() % sizeof good);
    if (table != NULL) answered += ask(table, query, length);
    free_table(table);
  }
  printf("%ld\n", answered);
  return 0;
}
