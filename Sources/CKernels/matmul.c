#include "matmul.h"

#include <math.h>
#include <string.h>

#include "matmul_internal.h"

// The products in plain C, for every CPU; the compiler makes vectors of the inner loops.

int matmul_level(void) {
#ifdef MATMUL_HAS_AVX512
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni")) {
    return MATMUL_AVX512;
  }
#endif
  return MATMUL_PORTABLE;
}

CLONES static float dot_float32(const float *x, const uint8_t *w, size_t count) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t k = 0; k < count; k++) {
    float value;
    memcpy(&value, w + 4 * k, 4);
    sum += x[k] * value;
  }
  return sum;
}

void matmul_float32(int level, const float *x, size_t rows, const void *weights, size_t inputs, size_t first,
                    size_t last, const float *bias, float *out, size_t stride) {
#ifdef MATMUL_HAS_AVX512
  if (level == MATMUL_AVX512) {
    matmul_float32_avx512(x, rows, weights, inputs, first, last, bias, out, stride);
    return;
  }
#endif
  for (size_t output = first; output < last; output++) {
    const uint8_t *w = (const uint8_t *)weights + output * inputs * 4;
    for (size_t row = 0; row < rows; row++) {
      out[row * stride + output] = dot_float32(x + row * inputs, w, inputs) + (bias ? bias[output] : 0);
    }
  }
}

// Two bfloat16 to a word: the low half is the even input.
CLONES static float dot_bfloat16(const float *split, const uint8_t *w, size_t blocks) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t block = 0; block < blocks; block++, split += 32, w += 64) {
    for (size_t lane = 0; lane < 16; lane++) {
      uint32_t pair;
      memcpy(&pair, w + 4 * lane, 4);
      uint32_t low = pair << 16, high = pair & 0xffff0000u;
      float even, odd;
      memcpy(&even, &low, 4);
      memcpy(&odd, &high, 4);
      sum += even * split[lane] + odd * split[lane + 16];
    }
  }
  return sum;
}

void matmul_bfloat16(int level, const float *split, size_t rows, const void *weights, size_t inputs, size_t first,
                     size_t last, const float *bias, float *out, size_t stride) {
#ifdef MATMUL_HAS_AVX512
  if (level == MATMUL_AVX512) {
    matmul_bfloat16_avx512(split, rows, weights, inputs, first, last, bias, out, stride);
    return;
  }
#endif
  size_t whole = inputs / MATMUL_BLOCK, rest = inputs % MATMUL_BLOCK, width = matmul_blocks(inputs) * MATMUL_BLOCK;
  for (size_t output = first; output < last; output++) {
    const uint8_t *w = (const uint8_t *)weights + output * inputs * 2;
    uint8_t tail[64] = {0};
    memcpy(tail, w + whole * 64, rest * 2);
    for (size_t row = 0; row < rows; row++) {
      const float *x = split + row * width;
      float sum = dot_bfloat16(x, w, whole) + dot_bfloat16(x + whole * 32, tail, rest > 0);
      out[row * stride + output] = sum + (bias ? bias[output] : 0);
    }
  }
}

void matmul_bfloat16_split(const float *x, size_t rows, size_t inputs, float *split) {
  size_t whole = inputs / MATMUL_BLOCK, rest = inputs % MATMUL_BLOCK;
  for (size_t row = 0; row < rows; row++) {
    for (size_t block = 0; block < whole; block++, x += 32, split += 32) {
      for (size_t lane = 0; lane < 16; lane++) {
        split[lane] = x[2 * lane];
        split[lane + 16] = x[2 * lane + 1];
      }
    }
    if (rest == 0) continue;
    for (size_t lane = 0; lane < 16; lane++) {
      split[lane] = 2 * lane < rest ? x[2 * lane] : 0;
      split[lane + 16] = 2 * lane + 1 < rest ? x[2 * lane + 1] : 0;
    }
    x += rest;
    split += 32;
  }
}
