#include <string.h>

#include "convert.h"
#include "matmul_internal.h"

// The quantised products in plain C, for every CPU.

CLONES static void quantize_block(const float *x, int8_t *values, float *scale, int32_t *offset) {
#pragma clang fp contract(off)
  // As integers, magnitudes keep their order and NaN is the largest: it reaches the scale and so the result.
  uint32_t largest = 0;
  for (size_t k = 0; k < MATMUL_BLOCK; k++) {
    uint32_t bits = float_bits(x[k]) & 0x7fffffffu;
    largest = bits > largest ? bits : largest;
  }
  float amax = bits_float(largest);
  float inverse = amax < 1e-30f ? 0 : 127 / amax;
  int32_t sum = 0;
  for (size_t k = 0; k < MATMUL_BLOCK; k++) {
    int8_t value = (int8_t)(float_bits(x[k] * inverse + round_magic) & 0xff);
    values[k] = value;
    sum += value;
  }
  *scale = amax < 1e-30f ? 0 : amax / 127;
  *offset = -128 * sum;
}

void matmul_quantize_rows(int level, const float *x, size_t rows, size_t inputs, int8_t *values, float *scales,
                          int32_t *offsets) {
#ifdef MATMUL_HAS_AVX512
  if (level == MATMUL_AVX512) {
    matmul_quantize_rows_avx512(x, rows, inputs, values, scales, offsets);
    return;
  }
#endif
  for (size_t row = 0; row < rows; row++) {
    for (size_t k = 0; k < inputs; k += MATMUL_BLOCK, values += MATMUL_BLOCK) {
      float padded[MATMUL_BLOCK] = {0};
      memcpy(padded, x + row * inputs + k, 4 * (inputs - k < MATMUL_BLOCK ? inputs - k : MATMUL_BLOCK));
      quantize_block(padded, values, scales++, offsets++);
    }
  }
}

// Sums of one block of one row for the 16 outputs of a panel whose bytes hold value + 128.
CLONES static void block_sums(const uint8_t *w, const int8_t *x, int32_t offset, int32_t *sums) {
  for (size_t output = 0; output < MATMUL_PANEL; output++) sums[output] = offset;
  for (size_t quad = 0; quad < 8; quad++, w += 64, x += 4) {
    for (size_t output = 0; output < MATMUL_PANEL; output++) {
      sums[output] += w[4 * output] * x[0] + w[4 * output + 1] * x[1] + w[4 * output + 2] * x[2] +
                      w[4 * output + 3] * x[3];
    }
  }
}

CLONES static void add_scaled(const int32_t *sums, const float *weight_scales, float scale, float *out) {
#pragma clang fp contract(fast)
  for (size_t output = 0; output < MATMUL_PANEL; output++) {
    out[output] += (float)sums[output] * (weight_scales[output] * scale);
  }
}

// 256 bytes of halves to 512 of value + 128.
static void unpack_block(const uint8_t *from, uint8_t *to) {
  for (size_t pair = 0; pair < 4; pair++, from += 64, to += 128) {
    for (size_t byte = 0; byte < 64; byte++) {
      to[byte] = (from[byte] & 15) + 120;
      to[byte + 64] = (from[byte] >> 4) + 120;
    }
  }
}

static void panel_rows(int bits, const int8_t *values, const float *scales, const int32_t *offsets, size_t rows,
                       size_t blocks, const uint8_t *w, const uint8_t *ws, float *sums) {
  uint8_t unpacked[MATMUL_INT8_BYTES];
  for (size_t block = 0; block < blocks; block++, ws += 2 * MATMUL_PANEL) {
    float weight_scales[MATMUL_PANEL];
    convert_widen_float16(ws, MATMUL_PANEL, weight_scales);
    const uint8_t *bytes = w + block * MATMUL_INT8_BYTES;
    if (bits == 4) {
      unpack_block(w + block * MATMUL_INT4_BYTES, unpacked);
      bytes = unpacked;
    }
    for (size_t row = 0; row < rows; row++) {
      int32_t products[MATMUL_PANEL];
      size_t at = row * blocks + block;
      block_sums(bytes, values + at * MATMUL_BLOCK, offsets[at], products);
      add_scaled(products, weight_scales, scales[at], sums + row * MATMUL_PANEL);
    }
  }
}

void matmul_quantized(int level, int bits, const int8_t *values, const float *scales, const int32_t *offsets,
                      size_t rows, size_t blocks, const void *weights, const void *weight_scales, size_t first,
                      size_t last, size_t outputs, const float *bias, float *out, size_t stride) {
#ifdef MATMUL_HAS_AVX512
  if (level == MATMUL_AVX512) {
    matmul_quantized_avx512(bits, values, scales, offsets, rows, blocks, weights, weight_scales, first, last, outputs,
                            bias, out, stride);
    return;
  }
#endif
  enum { GROUP = 32 };
  size_t bytes = bits == 8 ? MATMUL_INT8_BYTES : MATMUL_INT4_BYTES;
  for (size_t panel = first; panel < last; panel++) {
    const uint8_t *w = (const uint8_t *)weights + panel * blocks * bytes;
    const uint8_t *ws = (const uint8_t *)weight_scales + panel * blocks * 2 * MATMUL_PANEL;
    size_t start = panel * MATMUL_PANEL;
    size_t count = outputs - start < MATMUL_PANEL ? outputs - start : MATMUL_PANEL;
    for (size_t row = 0; row < rows; row += GROUP) {
      size_t group = rows - row < GROUP ? rows - row : GROUP, at = row * blocks;
      float sums[GROUP * MATMUL_PANEL] = {0};
      panel_rows(bits, values + at * MATMUL_BLOCK, scales + at, offsets + at, group, blocks, w, ws, sums);
      for (size_t i = 0; i < group; i++) {
        for (size_t output = 0; output < count; output++) {
          out[(row + i) * stride + start + output] =
              sums[i * MATMUL_PANEL + output] + (bias ? bias[start + output] : 0);
        }
      }
    }
  }
}
