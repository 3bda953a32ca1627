#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "threads.h"

size_t threads_cores(void) {
  // Room for 65,536 cores.
  size_t bytes = 8192;
  cpu_set_t *allowed = calloc(1, bytes);
  int count = allowed != NULL && sched_getaffinity(0, bytes, allowed) == 0 ? CPU_COUNT_S(bytes, allowed) : 0;
  free(allowed);
  if (count > 0) return (size_t)count;
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (size_t)online : 1;
}
