// Numbers as they stand in files: checks and conversions at the speed of memory.
#include "files.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

// A block is judged without branches, so that the loop is vectorised.
enum { BLOCK = 2048 };

WIDE static int block_has16(const uint8_t *bytes, size_t count, uint16_t mask) {
  uint16_t found = 0;
  for (size_t i = 0; i < count; i++) {
    uint16_t word;
    memcpy(&word, bytes + 2 * i, 2);
    found |= (uint16_t)((word & mask) == mask);
  }
  return found != 0;
}

WIDE static int block_has32(const uint8_t *bytes, size_t count, uint32_t mask) {
  uint32_t found = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t word;
    memcpy(&word, bytes + 4 * i, 4);
    found |= (uint32_t)((word & mask) == mask);
  }
  return found != 0;
}

ptrdiff_t ck_first_nonfinite16(const void *words, size_t count, uint16_t mask) {
  const uint8_t *bytes = words;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    if (!block_has16(bytes + 2 * start, length, mask)) continue;
    for (size_t i = start; i < start + length; i++) {
      uint16_t word;
      memcpy(&word, bytes + 2 * i, 2);
      if ((word & mask) == mask) return (ptrdiff_t)i;
    }
  }
  return -1;
}

ptrdiff_t ck_first_nonfinite32(const void *words, size_t count, uint32_t mask) {
  const uint8_t *bytes = words;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    if (!block_has32(bytes + 4 * start, length, mask)) continue;
    for (size_t i = start; i < start + length; i++) {
      uint32_t word;
      memcpy(&word, bytes + 4 * i, 4);
      if ((word & mask) == mask) return (ptrdiff_t)i;
    }
  }
  return -1;
}

WIDE void ck_floats_from_bfloat16(const void *words, float *floats, size_t count) {
  const uint8_t *bytes = words;
  for (size_t i = 0; i < count; i++) {
    uint16_t word;
    memcpy(&word, bytes + 2 * i, 2);
    uint32_t bits = (uint32_t)word << 16;
    memcpy(floats + i, &bits, 4);
  }
}

WIDE void ck_floats_from_float16(const void *words, float *floats, size_t count) {
  const uint8_t *bytes = words;
  for (size_t i = 0; i < count; i++) {
    uint16_t word;
    memcpy(&word, bytes + 2 * i, 2);
    uint32_t magnitude = (uint32_t)(word & 0x7FFF) << 13;
    uint32_t sign = (uint32_t)(word & 0x8000) << 16;
    // Float16 and float32 share the layout of a subnormal, so scaling by 2^(127-15) fits the exponent of both kinds.
    float scaled;
    memcpy(&scaled, &magnitude, 4);
    scaled *= 0x1p112f;
    uint32_t bits;
    memcpy(&bits, &scaled, 4);
    bits |= (magnitude >= 0x0F800000 ? 0x7F800000 : 0) | sign;
    memcpy(floats + i, &bits, 4);
  }
}

WIDE void ck_bfloat16_from_floats(const float *floats, void *words, size_t count) {
  uint8_t *bytes = words;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, floats + i, 4);
    uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    uint16_t word = (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? bits >> 16 | 0x40 : rounded);
    memcpy(bytes + 2 * i, &word, 2);
  }
}
