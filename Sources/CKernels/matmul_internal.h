// What the files of the products share.
#ifndef CKERNELS_MATMUL_INTERNAL_H
#define CKERNELS_MATMUL_INTERNAL_H

#include "matmul.h"
#include "small_floats.h"

#if defined(__x86_64__)
#define MATMUL_HAS_AVX512 1
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

void matmul_float32_avx512(const float *x, size_t rows, const void *weights, size_t inputs, size_t first, size_t last,
                           const float *bias, float *out, size_t stride);
void matmul_bfloat16_avx512(const float *split, size_t rows, const void *weights, size_t inputs, size_t first,
                            size_t last, const float *bias, float *out, size_t stride);
void matmul_quantize_rows_avx512(const float *x, size_t rows, size_t inputs, int8_t *values, float *scales,
                                 int32_t *offsets);
void matmul_quantized_avx512(int bits, const int8_t *values, const float *scales, const int32_t *offsets, size_t rows,
                             size_t blocks, const void *weights, const void *weight_scales, size_t first, size_t last,
                             size_t outputs, const float *bias, float *out, size_t stride);
#endif

// 1.5 * 2^23: a float of that size has the integers in its low bits.
static const float round_magic = 12582912.0f;

#endif
