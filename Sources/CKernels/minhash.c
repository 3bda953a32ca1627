#include "minhash.h"

#include "small_floats.h"

// Hash functions worked on at once: their masks, multipliers and results stay in registers with AVX-512.
enum { LANES = 64 };

__attribute__((always_inline)) static inline void minimum(
    const uint32_t *numbers, size_t count, const uint32_t *masks, const uint32_t *multipliers, size_t lanes,
    uint32_t *out) {
  uint32_t best[LANES];
  for (size_t j = 0; j < lanes; j++) best[j] = UINT32_MAX;
  for (size_t i = 0; i < count; i++) {
    const uint32_t x = numbers[i];
    for (size_t j = 0; j < lanes; j++) {
      const uint32_t value = (x ^ masks[j]) * multipliers[j];
      best[j] = value < best[j] ? value : best[j];
    }
  }
  for (size_t j = 0; j < lanes; j++) out[j] = best[j];
}

CLONES void ckernels_minhash(
    const uint32_t *numbers, size_t count, const uint32_t *masks, const uint32_t *multipliers, size_t hashes,
    uint32_t *out) {
  size_t j = 0;
  for (; j + LANES <= hashes; j += LANES) minimum(numbers, count, masks + j, multipliers + j, LANES, out + j);
  for (; j < hashes; j += CKERNELS_MINHASH_BLOCK)
    minimum(numbers, count, masks + j, multipliers + j, CKERNELS_MINHASH_BLOCK, out + j);
}
