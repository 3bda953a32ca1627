#ifndef CKERNELS_MINHASH_H
#define CKERNELS_MINHASH_H

#include <stddef.h>
#include <stdint.h>

enum {
  /// The number of hashes is a multiple of this.
  CKERNELS_MINHASH_BLOCK = 16,
};

/// The smallest value of each of `hashes` hash functions over `count` numbers: (x ^ masks[j]) * multipliers[j] modulo
/// 2^32, with odd multipliers, so that each function is a permutation. UINT32_MAX everywhere where `count` is 0.
void ckernels_minhash(
    const uint32_t *numbers, size_t count, const uint32_t *masks, const uint32_t *multipliers, size_t hashes,
    uint32_t *out);

#endif
