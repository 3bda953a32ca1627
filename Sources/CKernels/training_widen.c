// Quantised weights to float32, in tiles.
#include "matmul.h"
#include "training.h"

#include <string.h>

#include "small_floats.h"

typedef float four_floats __attribute__((ext_vector_type(4), aligned(4)));
typedef int32_t four_integers __attribute__((ext_vector_type(4)));
typedef uint8_t four_bytes __attribute__((ext_vector_type(4), aligned(1)));

enum { quads = MATMUL_BLOCK / 4 };

static inline float scale_of(const uint8_t *scales, size_t output) {
  uint16_t half;
  memcpy(&half, scales + 2 * output, 2);
  return half_to_float(half);
}

CLONES static void widen_int8(const uint8_t *values, const uint8_t *scales, size_t count, float *out, size_t stride) {
  for (size_t block = 0; block < count; block++, values += MATMUL_INT8_BYTES, scales += 2 * MATMUL_PANEL, out += 32) {
    for (size_t output = 0; output < MATMUL_PANEL; output++) {
      const float scale = scale_of(scales, output);
      float *target = out + output * stride;
      for (size_t quad = 0; quad < quads; quad++) {
        const four_bytes bytes = *(const four_bytes *)(values + quad * 64 + 4 * output);
        const four_integers levels = __builtin_convertvector(bytes, four_integers) - 128;
        *(four_floats *)(target + 4 * quad) = __builtin_convertvector(levels, four_floats) * scale;
      }
    }
  }
}

CLONES static void widen_int4(const uint8_t *values, const uint8_t *scales, size_t count, float *out, size_t stride) {
  for (size_t block = 0; block < count; block++, values += MATMUL_INT4_BYTES, scales += 2 * MATMUL_PANEL, out += 32) {
    for (size_t output = 0; output < MATMUL_PANEL; output++) {
      const float scale = scale_of(scales, output);
      float *target = out + output * stride;
      for (size_t pair = 0; pair < quads / 2; pair++) {
        const four_bytes bytes = *(const four_bytes *)(values + pair * 64 + 4 * output);
        const four_integers both = __builtin_convertvector(bytes, four_integers);
        const four_integers low = (both & 15) - 8, high = (both >> 4) - 8;
        *(four_floats *)(target + 8 * pair) = __builtin_convertvector(low, four_floats) * scale;
        *(four_floats *)(target + 8 * pair + 4) = __builtin_convertvector(high, four_floats) * scale;
      }
    }
  }
}

void training_widen_panel(int bits, const void *weights, const void *scales, size_t blocks, size_t panel, size_t first,
                          size_t last, float *out, size_t stride) {
  const size_t start = panel * blocks + first, bytes = bits == 8 ? MATMUL_INT8_BYTES : MATMUL_INT4_BYTES;
  const uint8_t *values = (const uint8_t *)weights + start * bytes;
  const uint8_t *halves = (const uint8_t *)scales + start * 2 * MATMUL_PANEL;
  (bits == 8 ? widen_int8 : widen_int4)(values, halves, last - first, out, stride);
}
