// Attention over blocks of keys and values, the scores kept in cache (Milakov and Gimelshein 2018, Dao et al. 2022).
#include "transformer.h"

#include <math.h>

#include "transformer_vector.h"

enum { panel = transformer_key_panel, chunk = transformer_attention_chunk };

void transformer_store_keys(const float *x, size_t row_stride, size_t count, size_t dimension, size_t first,
                            float *keys) {
  for (size_t row = 0; row < count; row++, x += row_stride) {
    const size_t position = first + row;
    float *target = keys + position / panel * dimension * panel + position % panel;
    for (size_t d = 0; d < dimension; d++) target[d * panel] = x[d];
  }
}

/// c (+)= a b for `rows` rows of a and `panels` times 16 columns of b: element (k, 16 j + i) of b is
/// `b[k * step + j * panel_step + i]`. Each element of c is one sum in the order of k, whatever the rows and panels.
///
/// With each k 32 numbers from `ahead` are fetched into the cache, which may lie beyond the end of what there is: keys
/// and values are read for the first time at the speed of memory, not of the pattern in which they are multiplied.
INLINE void multiply_tile(const int rows, const int panels, const float *a, size_t a_stride, const float *b,
                          size_t step, size_t panel_step, size_t inner, float *c, size_t c_stride, const int adding,
                          const float *ahead) {
  lanes sum[8][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < panels; j++) {
      sum[r][j] = adding ? *(const lanes *)(c + (size_t)r * c_stride + (size_t)j * panel) : (lanes)0.0f;
    }
  }
  for (size_t k = 0; k < inner; k++) {
    __builtin_prefetch(ahead + 32 * k, 0, 2);
    __builtin_prefetch(ahead + 32 * k + 16, 0, 2);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const lanes factor = a[(size_t)r * a_stride + k];
#pragma clang loop unroll(full)
      for (int j = 0; j < panels; j++) {
        sum[r][j] = factor * *(const lanes *)(b + k * step + (size_t)j * panel_step) + sum[r][j];
      }
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < panels; j++) *(lanes *)(c + (size_t)r * c_stride + (size_t)j * panel) = sum[r][j];
  }
}

/// multiply_tile for any count of rows up to `limit`.
INLINE void multiply_rows(const int limit, size_t rows, const int panels, const float *a, size_t a_stride,
                          const float *b, size_t step, size_t panel_step, size_t inner, float *c, size_t c_stride,
                          const int adding, const float *ahead) {
  while (rows > 0) {
    size_t done;
#define TILE(count) \
  if (limit >= count && rows >= count) { \
    multiply_tile(count, panels, a, a_stride, b, step, panel_step, inner, c, c_stride, adding, ahead); \
    done = count; \
  } else
    TILE(8) TILE(7) TILE(6) TILE(5) TILE(4) TILE(3) TILE(2) {
      multiply_tile(1, panels, a, a_stride, b, step, panel_step, inner, c, c_stride, adding, ahead);
      done = 1;
    }
#undef TILE
    a += done * a_stride;
    c += done * c_stride;
    rows -= done;
  }
}

/// multiply_rows for `panels` panels of b, two at a time.
INLINE void multiply(const int limit, size_t rows, size_t panels, const float *a, size_t a_stride, const float *b,
                     size_t step, size_t panel_step, size_t inner, float *c, size_t c_stride, const int adding,
                     const float *ahead) {
  size_t j = 0;
  for (; j + 2 <= panels; j += 2) {
    multiply_rows(limit, rows, 2, a, a_stride, b + j * panel_step, step, panel_step, inner, c + j * panel, c_stride,
                  adding, ahead + j * inner * panel);
  }
  if (j < panels) {
    multiply_rows(limit, rows, 1, a, a_stride, b + j * panel_step, step, panel_step, inner, c + j * panel, c_stride,
                  adding, ahead + j * inner * panel);
  }
}

/// exponential() of 16 numbers of at most 0, NaN included; here because a vector cannot be an argument.
INLINE void exponentials(lanes *x) {
  typedef int32_t masks __attribute__((ext_vector_type(16)));
  typedef uint32_t words __attribute__((ext_vector_type(16)));
  const masks vanishes = *x < -87.33f;
  const lanes shifted = *x * 1.44269504088896341f + 12582912.0f;
  const lanes power = shifted - 12582912.0f;
  lanes r = *x - power * 0.693359375f;
  r = r - power * -2.12194440e-4f;
  lanes p = 1.9875691500e-4f * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + (r + 1.0f);
  const words scale = ((words)shifted << 23) + 0x3F800000u;
  *x = (lanes)((masks)(p * (lanes)scale) & ~vanishes);
}

/// The largest of the first `count` scores of a row; those that fill up the last panel become -infinity.
INLINE float largest_score(float *scores, size_t count) {
  typedef int32_t indices __attribute__((ext_vector_type(16)));
  const indices index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const size_t whole = count / panel * panel;
  lanes most = -INFINITY;
  for (size_t i = 0; i < whole; i += panel) most = __builtin_elementwise_max(most, *(lanes *)(scores + i));
  if (whole < count) {
    lanes *last = (lanes *)(scores + whole);
    const indices seen = index < (int32_t)(count - whole), infinite = (indices)(lanes)-INFINITY;
    *last = (lanes)(((indices)*last & seen) | (infinite & ~seen));
    most = __builtin_elementwise_max(most, *last);
  }
  return __builtin_reduce_max(most);
}

/// Makes weights of the scores of one row, and brings what was summed up to the new largest score.
INLINE void weigh(const struct transformer_attention *attention, size_t row, size_t start, size_t columns) {
  float *scores = attention->scores + row * chunk;
  const int64_t seen = attention->visible[row] - (int64_t)start;
  const size_t visible = seen <= 0 ? 0 : (size_t)seen < columns ? (size_t)seen : columns;
  const size_t end = (visible + panel - 1) / panel * panel;
  for (size_t i = end; i < columns; i += panel) *(lanes *)(scores + i) = 0.0f;
  if (visible == 0) return;
  const float before = attention->maximum[row], here = largest_score(scores, visible);
  const float maximum = before > here ? before : here;
  lanes sum = *(lanes *)(attention->sum + row * panel);
  if (maximum != before) {
    const float factor = exponential(before - maximum);
    float *output = attention->output + row * attention->width;
    for (size_t i = 0; i < attention->width; i += panel) *(lanes *)(output + i) *= factor;
    sum *= factor;
    attention->maximum[row] = maximum;
  }
  for (size_t i = 0; i < end; i += panel) {
    lanes weights = *(lanes *)(scores + i) - maximum;
    exponentials(&weights);
    *(lanes *)(scores + i) = weights;
    sum += weights;
  }
  *(lanes *)(attention->sum + row * panel) = sum;
}

INLINE void attend(const int limit, const struct transformer_attention *attention, const float *keys,
                   const float *values) {
  const size_t rows = attention->rows, dimension = attention->dimension, width = attention->width;
  int64_t positions = 0;
  for (size_t row = 0; row < rows; row++) {
    positions = attention->visible[row] > positions ? attention->visible[row] : positions;
  }
  for (size_t start = 0; start < (size_t)positions; start += chunk) {
    const size_t left = (size_t)positions - start, columns = left < chunk ? left : chunk;
    multiply(limit, rows, (columns + panel - 1) / panel, attention->queries, dimension, keys + start * dimension, panel,
             dimension * panel, dimension, attention->scores, chunk, 0,
             values + start * width);
    for (size_t row = 0; row < rows; row++) weigh(attention, row, start, columns);
    multiply(limit, rows, width / panel, attention->scores, chunk, values + start * width, width, panel, columns,
             attention->output, width, 1, keys + (start + chunk) * dimension);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void attend_avx512(const struct transformer_attention *attention,
                                                             const float *keys, const float *values) {
  attend(8, attention, keys, values);
}

__attribute__((target("avx2,fma"))) static void attend_avx2(const struct transformer_attention *attention,
                                                            const float *keys, const float *values) {
  attend(3, attention, keys, values);
}
#endif

void transformer_attend(const struct transformer_attention *attention, const float *keys, const float *values) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return attend_avx512(attention, keys, values);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return attend_avx2(attention, keys, values);
#endif
  attend(2, attention, keys, values);
}

FOR_EACH_CPU void transformer_load_queries(const float *restrict x, size_t stride, size_t count, size_t columns,
                                           float scale, float *restrict out) {
  for (size_t row = 0; row < count; row++, x += stride, out += columns) {
    // Rows lie in pages of their own, which the CPU does not fetch by itself; what is beyond the last does no harm.
    for (size_t i = 0; i < columns; i += 16) __builtin_prefetch(x + 8 * stride + i);
    for (size_t i = 0; i < columns; i++) out[i] = x[i] * scale;
  }
}

FOR_EACH_CPU void transformer_store_results(const struct transformer_attention *attention, size_t first, size_t count,
                                            size_t members, size_t stride, float *restrict out) {
  const size_t dimension = attention->dimension, width = attention->width;
  for (size_t row = first; row < first + count * members; row++) {
    float sum = 0;
    for (size_t i = 0; i < panel; i++) sum += attention->sum[row * panel + i];
    const float factor = 1.0f / sum, *result = attention->output + row * width;
    const size_t index = row - first;
    float *target = out + index / members * stride + index % members * dimension;
    for (size_t i = 0; i < dimension; i++) target[i] = result[i] * factor;
  }
}
