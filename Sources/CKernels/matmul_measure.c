#include "matmul_internal.h"

CLONES uint64_t matmul_read(const uint64_t *words, size_t count) {
  uint64_t mix = 0;
  for (size_t i = 0; i < count; i++) mix ^= words[i];
  return mix;
}
