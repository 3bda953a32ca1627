#include "fingerprint.h"

#include "transformer_vector.h"

// Without a clone for CPUs that count bits by themselves, this takes six times as long.
FOR_EACH_CPU ckernels_sign_counts ckernels_compare_signs(
    const uint64_t *first, const uint64_t *second, ptrdiff_t count) {
  uint64_t equal = 0, opposite = 0, in_first = 0, in_second = 0;
  for (ptrdiff_t frame = 0; frame < count; frame++) {
    const uint64_t one = first[frame], other = second[frame];
    equal += (uint64_t)__builtin_popcountll(one & other);
    opposite += (uint64_t)__builtin_popcountll(one & (other >> 32 | other << 32));
    in_first += (uint64_t)__builtin_popcountll(one);
    in_second += (uint64_t)__builtin_popcountll(other);
  }
  return (ckernels_sign_counts){(int64_t)equal, (int64_t)opposite, (int64_t)in_first, (int64_t)in_second};
}
