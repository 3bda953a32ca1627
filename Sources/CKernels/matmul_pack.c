#include <math.h>
#include <string.h>

#include "matmul_internal.h"

// Weights to blocks and back.

// Of a finite number >= 0, to nearest, ties to even; what is too large becomes the largest.
static uint16_t float_to_half(float value) {
  if (!(value < 65504.0f)) return 0x7bff;
  if (value < 0x1p-14f) return (uint16_t)(float_bits(value + 0.5f) - float_bits(0.5f));
  uint32_t bits = float_bits(value);
  bits += 0xfff + (bits >> 13 & 1);
  return (uint16_t)((bits >> 13) - (112 << 10));
}

static float largest_magnitude(const float *x) {
  float largest = 0;
  for (size_t k = 0; k < MATMUL_BLOCK; k++) largest = fmaxf(largest, fabsf(x[k]));
  return largest;
}

// The nearest number from low to high; low for NaN.
static inline float level_of(float x, float inverse, float low, float high) {
  return rintf(fminf(fmaxf(x * inverse, low), high));
}

// The sum of x^2 (x - scale q)^2: large weights count more, as in ggml's searches.
CLONES static float weighted_error(const float *x, float scale) {
#pragma clang fp reassociate(on) contract(fast)
  float inverse = 1 / scale, error = 0;
  for (size_t k = 0; k < MATMUL_BLOCK; k++) {
    float difference = x[k] - scale * level_of(x[k], inverse, -8, 7);
    error += x[k] * x[k] * difference * difference;
  }
  return error;
}

// The float16 scale, of either sign, with the smallest error among largest / 6 to largest / 9.
static uint16_t search_int4_scale(const float *x, float largest) {
  uint16_t best = float_to_half(largest / 8);
  float smallest = INFINITY;
  for (int step = 0; step <= 24; step++) {
    uint16_t half = float_to_half(largest / (6 + 0.125f * (float)step));
    if (half == 0) continue;
    for (int negative = 0; negative < 2; negative++) {
      uint16_t candidate = (uint16_t)(half | negative << 15);
      float error = weighted_error(x, half_to_float(candidate));
      if (error < smallest) {
        smallest = error;
        best = candidate;
      }
    }
  }
  return best;
}

static uint16_t block_scale(int bits, const float *x) {
  float largest = largest_magnitude(x);
  return bits == 8 ? float_to_half(largest / 127) : search_int4_scale(x, largest);
}

void matmul_pack_panel(int bits, const float *x, size_t count, size_t inputs, uint8_t *values, uint8_t *scales) {
  size_t blocks = matmul_blocks(inputs), bytes = bits == 8 ? MATMUL_INT8_BYTES : MATMUL_INT4_BYTES;
  memset(values, bits == 8 ? 128 : 0x88, blocks * bytes);
  memset(scales, 0, blocks * MATMUL_PANEL * 2);
  for (size_t output = 0; output < count; output++) {
    for (size_t block = 0; block < blocks; block++) {
      size_t start = block * MATMUL_BLOCK, length = inputs - start < MATMUL_BLOCK ? inputs - start : MATMUL_BLOCK;
      float padded[MATMUL_BLOCK] = {0};
      memcpy(padded, x + output * inputs + start, 4 * length);
      uint16_t half = block_scale(bits, padded);
      memcpy(scales + (block * MATMUL_PANEL + output) * 2, &half, 2);
      float scale = half_to_float(half), inverse = scale == 0 ? 0 : 1 / scale;
      for (size_t k = 0; k < MATMUL_BLOCK; k++) {
        size_t quad = k / 4, lane = 4 * output + k % 4;
        if (bits == 8) {
          values[block * bytes + quad * 64 + lane] = (uint8_t)(128 + (int)level_of(padded[k], inverse, -127, 127));
        } else {
          unsigned level = (unsigned)(8 + (int)level_of(padded[k], inverse, -8, 7));
          uint8_t *byte = values + block * bytes + quad / 2 * 64 + lane;
          *byte = (uint8_t)(quad % 2 ? (*byte & 0x0f) | level << 4 : (*byte & 0xf0) | level);
        }
      }
    }
  }
}

void matmul_unpack_row(int bits, const void *weights, const void *weight_scales, size_t inputs, size_t row,
                       float *out) {
  size_t blocks = matmul_blocks(inputs), bytes = bits == 8 ? MATMUL_INT8_BYTES : MATMUL_INT4_BYTES;
  const uint8_t *values = (const uint8_t *)weights + row / MATMUL_PANEL * blocks * bytes;
  const uint8_t *scales = (const uint8_t *)weight_scales + row / MATMUL_PANEL * blocks * 2 * MATMUL_PANEL;
  size_t output = row % MATMUL_PANEL;
  for (size_t k = 0; k < inputs; k++) {
    size_t block = k / MATMUL_BLOCK, quad = k % MATMUL_BLOCK / 4, lane = 4 * output + k % 4;
    uint16_t half;
    memcpy(&half, scales + (block * MATMUL_PANEL + output) * 2, 2);
    int level;
    if (bits == 8) {
      level = values[block * bytes + quad * 64 + lane] - 128;
    } else {
      uint8_t byte = values[block * bytes + quad / 2 * 64 + lane];
      level = (quad % 2 ? byte >> 4 : byte & 15) - 8;
    }
    out[k] = half_to_float(half) * (float)level;
  }
}
