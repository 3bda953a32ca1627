#ifndef CKERNELS_FINGERPRINT_H
#define CKERNELS_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

/// How two rows of frames compare. A frame is 32 signs: bit i is set where sign i is +, bit 32 + i where it is -.
typedef struct {
  /// Signs set in both: equal, and opposite.
  int64_t equal, opposite;
  /// Signs set in the first, and in the second.
  int64_t first, second;
} ckernels_sign_counts;

/// Counts over `count` frames of each.
ckernels_sign_counts ckernels_compare_signs(const uint64_t *first, const uint64_t *second, ptrdiff_t count);

#endif
