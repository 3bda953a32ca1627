#ifndef CKERNELS_MATMUL_H
#define CKERNELS_MATMUL_H

#include <stddef.h>
#include <stdint.h>

// Products of a few rows of activations with a matrix of weights [outputs, inputs]: out[row * stride + output] is
// bias[output] (0 without bias) plus the sum over k of x[row][k] * w[output][k]. Each function computes the outputs
// from `first` to before `last`, so that threads can share them. A row's result does not depend on the other rows.
//
// `level` says which instructions to use; matmul_level() is the best of this CPU, MATMUL_PORTABLE runs everywhere.
enum { MATMUL_PORTABLE = 0, MATMUL_AVX512 = 1 };
int matmul_level(void);

// The quantised formats have blocks of 32 inputs and panels of 16 outputs, both padded to the full.
//
// int8: a panel has 512 bytes a block, [8 quads][16 outputs][4 inputs], each byte the value + 128.
// int4: a panel has 256 bytes a block, [4 pairs of quads][16 outputs][4 inputs], the low half of a byte the value + 8
// of quad 2j, the high half that of quad 2j + 1.
// A weight is its value times the float16 scale [panels][blocks][16 outputs].
enum { MATMUL_BLOCK = 32, MATMUL_PANEL = 16, MATMUL_INT8_BYTES = 512, MATMUL_INT4_BYTES = 256 };

void matmul_float32(int level, const float *x, size_t rows, const void *weights, size_t inputs, size_t first,
                    size_t last, const float *bias, float *out, size_t stride);

// bfloat16 weights, row-major. `split` holds the activations as matmul_bfloat16_split leaves them.
void matmul_bfloat16(int level, const float *split, size_t rows, const void *weights, size_t inputs, size_t first,
                     size_t last, const float *bias, float *out, size_t stride);

// The activations in blocks of 32 inputs, the even ones of each block before the odd ones, padded with zeros:
// `split` has rows * matmul_blocks(inputs) * 32 elements.
void matmul_bfloat16_split(const float *x, size_t rows, size_t inputs, float *split);

static inline size_t matmul_blocks(size_t inputs) { return (inputs + MATMUL_BLOCK - 1) / MATMUL_BLOCK; }
static inline size_t matmul_panels(size_t outputs) { return (outputs + MATMUL_PANEL - 1) / MATMUL_PANEL; }

// Quantises `rows` rows of activations: per block of 32 inputs int8 values, the largest magnitude being 127; their
// scale; and -128 times the sum of the values. The arrays have rows * blocks * 32, rows * blocks and rows * blocks
// elements.
void matmul_quantize_rows(int level, const float *x, size_t rows, size_t inputs, int8_t *values, float *scales,
                          int32_t *offsets);

// `bits` is 8 or 4; `first` and `last` count panels.
void matmul_quantized(int level, int bits, const int8_t *values, const float *scales, const int32_t *offsets,
                      size_t rows, size_t blocks, const void *weights, const void *weight_scales, size_t first,
                      size_t last, size_t outputs, const float *bias, float *out, size_t stride);

// Quantises one panel: `x` holds its `count` <= 16 outputs row-major [count, inputs].
void matmul_pack_panel(int bits, const float *x, size_t count, size_t inputs, uint8_t *values, uint8_t *scales);

// The weights of one output of a quantised matrix.
void matmul_unpack_row(int bits, const void *weights, const void *weight_scales, size_t inputs, size_t row,
                       float *out);

// The exclusive or of all words: as fast as memory can be read, to measure just that.
uint64_t matmul_read(const uint64_t *words, size_t count);

#endif
