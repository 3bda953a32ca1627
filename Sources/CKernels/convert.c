#include "convert.h"

#include "small_floats.h"

CLONES void convert_widen_bfloat16(const void *from, size_t count, float *to) {
  const uint8_t *bytes = from;
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * i, 2);
    to[i] = bits_float((uint32_t)half << 16);
  }
}

CLONES void convert_widen_float16(const void *from, size_t count, float *to) {
  const uint8_t *bytes = from;
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * i, 2);
    to[i] = half_to_float(half);
  }
}

CLONES void convert_narrow_bfloat16(const float *from, size_t count, void *to) {
  uint8_t *bytes = to;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = float_bits(from[i]);
    uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    // Rounding could turn a NaN into infinity.
    uint16_t half = (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16 | 0x40) : rounded);
    memcpy(bytes + 2 * i, &half, 2);
  }
}
