#include "matmul_internal.h"

#ifdef MATMUL_HAS_AVX512
#include <immintrin.h>

// Products of up to 32 rows with float32 or bfloat16 weights.
//
// A tile is 8 outputs (or 1) times up to 3 rows, each sum in a vector of its own: 24 of the 32 registers. Every sum
// takes its inputs in the same order whatever the tile, so that a row's result does not depend on its company.

#define TILE static inline __attribute__((always_inline)) AVX512
#define UNROLL _Pragma("clang loop unroll(full)")

// Inputs of one pass: 8 outputs of them as float32 take 16 KB of the first-level cache.
enum { WIDE = 8, MOST_ROWS = 3, CHUNK = 512, ROW_LIMIT = 32, OUTPUT_BLOCK = 64 };

// The sums of four vectors; each is added up in the same order.
TILE __m128 sum_four(__m512 a, __m512 b, __m512 c, __m512 d) {
  __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
  __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
  __m512 low = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd)));
  __m512 high = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd)));
  __m512 all = _mm512_add_ps(low, high);
  __m256 half = _mm256_add_ps(_mm512_castps512_ps256(all), _mm512_extractf32x8_ps(all, 1));
  return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}

// Writes the sums [rows][outputs] of a tile.
TILE void finish(const int outputs, const int rows, const __m512 *sums, const float *bias, float *out, size_t stride) {
  for (int row = 0; row < rows; row++, out += stride, sums += outputs) {
    if (outputs == 1) {
      __m512 zero = _mm512_setzero_ps();
      *out = _mm_cvtss_f32(sum_four(sums[0], zero, zero, zero)) + (bias ? *bias : 0);
      continue;
    }
    for (int output = 0; output < outputs; output += 4) {
      __m128 four = sum_four(sums[output], sums[output + 1], sums[output + 2], sums[output + 3]);
      if (bias) four = _mm_add_ps(four, _mm_loadu_ps(bias + output));
      _mm_storeu_ps(out + output, four);
    }
  }
}

// The first `count` of 16 or 32 elements, where all is 1: a masked load costs more than a plain one.
TILE __mmask32 first_lanes(size_t count) { return (__mmask32)((1ull << count) - 1); }

TILE __m512 load_float32(const float *from, const int all, size_t count) {
  return all ? _mm512_loadu_ps(from) : _mm512_maskz_loadu_ps((__mmask16)first_lanes(count), from);
}

TILE __m512i load_bfloat16(const uint16_t *from, const int all, size_t count) {
  return all ? _mm512_loadu_si512(from) : _mm512_maskz_loadu_epi16(first_lanes(count), from);
}

// Adds 16 inputs, or the last `count` < 16; the distances of rows are in floats.
TILE void step_float32(const int outputs, const int rows, const float *x, size_t x_stride, const float *w,
                       size_t w_stride, const int all, size_t count, __m512 *sums) {
  __m512 in[MOST_ROWS];
  UNROLL for (int row = 0; row < rows; row++) in[row] = load_float32(x + row * x_stride, all, count);
  UNROLL for (int output = 0; output < outputs; output++) {
    __m512 weight = load_float32(w + output * w_stride, all, count);
    UNROLL for (int row = 0; row < rows; row++) {
      sums[row * outputs + output] = _mm512_fmadd_ps(weight, in[row], sums[row * outputs + output]);
    }
  }
}

// Some inputs of the weights of a tile, and what to fetch meanwhile: `ahead_step` bytes of the next tile for every 16
// inputs, so that the memory works while the tile is computed.
struct chunk {
  const float *weights;
  size_t stride, count;
  const uint8_t *ahead;
  size_t ahead_step;
};

// Adds the inputs of a chunk.
TILE void add_float32(const int outputs, const int rows, const float *x, size_t x_stride, struct chunk w,
                      __m512 *sums) {
  __m512 acc[MOST_ROWS * WIDE];
  UNROLL for (int i = 0; i < outputs * rows; i++) acc[i] = sums[i];
  size_t k = 0;
  for (; k + 16 <= w.count; k += 16, w.ahead += w.ahead_step) {
    _mm_prefetch((const char *)w.ahead, _MM_HINT_T1);
    _mm_prefetch((const char *)w.ahead + w.ahead_step / 2, _MM_HINT_T1);
    step_float32(outputs, rows, x + k, x_stride, w.weights + k, w.stride, 1, 16, acc);
  }
  if (k < w.count) step_float32(outputs, rows, x + k, x_stride, w.weights + k, w.stride, 0, w.count - k, acc);
  UNROLL for (int i = 0; i < outputs * rows; i++) sums[i] = acc[i];
}

// As step_float32, for 32 bfloat16 weights and split activations.
TILE void step_bfloat16(const int outputs, const int rows, const float *x, size_t x_stride, const uint16_t *w,
                        size_t w_stride, const int all, size_t count, __m512 *sums) {
  const __m512i upper = _mm512_set1_epi32((int)0xffff0000u);
  UNROLL for (int output = 0; output < outputs; output++) {
    __m512i pairs = load_bfloat16(w + output * w_stride, all, count);
    __m512 even = _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16));
    __m512 odd = _mm512_castsi512_ps(_mm512_and_si512(pairs, upper));
    UNROLL for (int row = 0; row < rows; row++) {
      const float *in = x + row * x_stride;
      __m512 sum = _mm512_fmadd_ps(even, _mm512_loadu_ps(in), sums[row * outputs + output]);
      sums[row * outputs + output] = _mm512_fmadd_ps(odd, _mm512_loadu_ps(in + 16), sum);
    }
  }
}

TILE void add_bfloat16(const int outputs, const int rows, const float *x, size_t x_stride, const uint16_t *w,
                       size_t w_stride, size_t count, __m512 *sums) {
  __m512 acc[MOST_ROWS * WIDE];
  UNROLL for (int i = 0; i < outputs * rows; i++) acc[i] = sums[i];
  size_t k = 0;
  for (; k + 32 <= count; k += 32) {
    // 2 KB ahead: 8 short rows side by side are no stream that the hardware would foresee.
    UNROLL for (int i = 0; i < outputs; i++) _mm_prefetch((const char *)(w + i * w_stride + k + 1024), _MM_HINT_T0);
    step_bfloat16(outputs, rows, x + k, x_stride, w + k, w_stride, 1, 32, acc);
  }
  if (k < count) step_bfloat16(outputs, rows, x + k, x_stride, w + k, w_stride, 0, count - k, acc);
  UNROLL for (int i = 0; i < outputs * rows; i++) sums[i] = acc[i];
}

// bfloat16 as add_bfloat16 uses it, to float32 with the even ones of each 32 before the odd ones.
AVX512 static void widen_split(const uint16_t *from, size_t count, float *to) {
  const __m512i upper = _mm512_set1_epi32((int)0xffff0000u);
  for (size_t k = 0; k < count; k += 32) {
    __m512i pairs = count - k < 32 ? load_bfloat16(from + k, 0, count - k) : load_bfloat16(from + k, 1, 32);
    _mm512_store_ps(to + k, _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16)));
    _mm512_store_ps(to + k + 16, _mm512_castsi512_ps(_mm512_and_si512(pairs, upper)));
  }
}

// One product: what the tiles need to know.
struct product {
  const float *x;
  size_t rows, inputs, x_stride;
  const uint8_t *weights;
  int is_bfloat16;
  const float *bias;
  float *out;
  size_t stride;
};

// All rows of a few outputs where they are no more than a tile's.
TILE void short_tile(const struct product *p, const int outputs, const int rows, size_t output) {
  __m512 sums[MOST_ROWS * WIDE];
  UNROLL for (int i = 0; i < outputs * rows; i++) sums[i] = _mm512_setzero_ps();
  if (p->is_bfloat16) {
    const uint16_t *w = (const uint16_t *)p->weights + output * p->inputs;
    add_bfloat16(outputs, rows, p->x, p->x_stride, w, p->inputs, p->inputs, sums);
  } else {
    const float *w = (const float *)p->weights + output * p->inputs;
    struct chunk all = {w, p->inputs, p->inputs, (const uint8_t *)(w + outputs * p->inputs), 64 * outputs};
    add_float32(outputs, rows, p->x, p->x_stride, all, sums);
  }
  finish(outputs, rows, sums, p->bias ? p->bias + output : NULL, p->out + output, p->stride);
}

TILE void add_group(const int outputs, size_t rows, const float *x, size_t x_stride, struct chunk w, __m512 *sums) {
  if (rows == 3) add_float32(outputs, 3, x, x_stride, w, sums);
  if (rows == 2) add_float32(outputs, 2, x, x_stride, w, sums);
  if (rows == 1) add_float32(outputs, 1, x, x_stride, w, sums);
}

// All rows of a few outputs, in groups of up to 3 rows that share a chunk of weights in the first-level cache.
TILE void tall_tile(const struct product *p, const int outputs, size_t output) {
  __m512 sums[ROW_LIMIT * WIDE];
  float wide[WIDE * CHUNK] __attribute__((aligned(64)));
  for (size_t i = 0; i < p->rows * outputs; i++) sums[i] = _mm512_setzero_ps();
  size_t groups = (p->rows + MOST_ROWS - 1) / MOST_ROWS, width = p->is_bfloat16 ? 2 : 4, row_bytes = p->inputs * width;
  const uint8_t *weights = p->weights + output * row_bytes, *ahead = weights + outputs * row_bytes;
  for (size_t k = 0; k < p->inputs; k += CHUNK) {
    size_t count = p->inputs - k < CHUNK ? p->inputs - k : CHUNK;
    struct chunk w = {(const float *)weights + k, p->inputs, count, ahead, 16 * width * outputs / groups};
    if (p->is_bfloat16) {
      for (int i = 0; i < outputs; i++) {
        widen_split((const uint16_t *)(weights + i * row_bytes) + k, count, wide + i * CHUNK);
      }
      w.count = matmul_blocks(count) * MATMUL_BLOCK;
      w.weights = wide;
      w.stride = CHUNK;
    }
    for (size_t group = 0, row = 0; group < groups; group++) {
      size_t rows = (p->rows - row) / (groups - group);
      add_group(outputs, rows, p->x + row * p->x_stride + k, p->x_stride, w, sums + row * outputs);
      row += rows;
      w.ahead += w.count / 16 * w.ahead_step;
    }
    ahead = w.ahead;
  }
  for (size_t row = 0; row < p->rows; row++) {
    finish(outputs, 1, sums + row * outputs, p->bias ? p->bias + output : NULL,
           p->out + row * p->stride + output, p->stride);
  }
}

AVX512 static void compute_wide(const struct product *p, size_t output) {
  if (p->rows == 1) return short_tile(p, WIDE, 1, output);
  if (p->rows == 2) return short_tile(p, WIDE, 2, output);
  if (p->rows == 3) return short_tile(p, WIDE, 3, output);
  tall_tile(p, WIDE, output);
}

AVX512 static void compute_single(const struct product *p, size_t output) {
  if (p->rows == 1) return short_tile(p, 1, 1, output);
  if (p->rows == 2) return short_tile(p, 1, 2, output);
  if (p->rows == 3) return short_tile(p, 1, 3, output);
  tall_tile(p, 1, output);
}

// Takes blocks of outputs times blocks of rows that fit the second-level cache together.
AVX512 static void compute(struct product p, size_t first, size_t last) {
  const struct product all = p;
  for (size_t start = first; start < last; start += OUTPUT_BLOCK) {
    size_t end = last - start < OUTPUT_BLOCK ? last : start + OUTPUT_BLOCK;
    for (size_t row = 0; row < all.rows; row += ROW_LIMIT) {
      p.rows = all.rows - row < ROW_LIMIT ? all.rows - row : ROW_LIMIT;
      p.x = all.x + row * p.x_stride;
      p.out = all.out + row * p.stride;
      size_t output = start;
      for (; output + WIDE <= end; output += WIDE) compute_wide(&p, output);
      for (; output < end; output++) compute_single(&p, output);
    }
  }
}

void matmul_float32_avx512(const float *x, size_t rows, const void *weights, size_t inputs, size_t first, size_t last,
                           const float *bias, float *out, size_t stride) {
  compute((struct product){x, rows, inputs, inputs, weights, 0, bias, out, stride}, first, last);
}

void matmul_bfloat16_avx512(const float *split, size_t rows, const void *weights, size_t inputs, size_t first,
                            size_t last, const float *bias, float *out, size_t stride) {
  size_t width = matmul_blocks(inputs) * MATMUL_BLOCK;
  compute((struct product){split, rows, inputs, width, weights, 1, bias, out, stride}, first, last);
}
#endif
