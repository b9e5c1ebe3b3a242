/*
 * Called by another name, the program does something else, as its links in the images and its copy in the node's CNI
 * folder are named: meshwright-cni, meshwright-drain, meshwright-wait.
 */
#include <stdio.h>
#include <string.h>

#include "program.h"

int main(int argc, char **argv) {
  const char *path = argc > 0 ? argv[0] : "";
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  if (strcmp(name, "meshwright-cni") == 0) return cni_main();
  if (strcmp(name, "meshwright-drain") == 0) return drain_main(argc, argv);
  if (strcmp(name, "meshwright-wait") == 0) return wait_main(argc, argv);
  fprintf(stderr, "call it as meshwright-cni, meshwright-drain or meshwright-wait, not as \"%s\"\n", name);
  return 2;
}
