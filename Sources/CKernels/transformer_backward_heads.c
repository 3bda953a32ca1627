// How the heads of an attention are taken out of rows and put back.
#include <math.h>

#include "transformer.h"
#include "transformer_backward.h"
#include "transformer_vector.h"

FOR_EACH_CPU void transformer_gather_head(const float *restrict x, size_t stride, size_t rows, size_t dimension,
                                          size_t width, float scale, float *restrict out) {
  for (size_t row = 0; row < rows; row++, x += stride, out += width) {
    // Rows lie in pages of their own, which the CPU does not fetch by itself; what is beyond the last does no harm.
    for (size_t i = 0; i < dimension; i += 16) __builtin_prefetch(x + 8 * stride + i);
    for (size_t i = 0; i < dimension; i++) out[i] = x[i] * scale;
    for (size_t i = dimension; i < width; i++) out[i] = 0;
  }
}

FOR_EACH_CPU void transformer_scatter_head(const float *restrict x, size_t width, size_t rows, size_t dimension,
                                           size_t stride, float scale, float *restrict out) {
  for (size_t row = 0; row < rows; row++, x += width, out += stride) {
    for (size_t i = 0; i < dimension; i++) out[i] = x[i] * scale;
  }
}

FOR_EACH_CPU void transformer_row_products(const float *restrict x, const float *restrict y, size_t stride,
                                           size_t rows, size_t dimension, float *restrict out) {
#pragma clang fp reassociate(on)
  for (size_t row = 0; row < rows; row++, x += stride, y += stride) {
    float sum = 0;
    for (size_t i = 0; i < dimension; i++) sum += x[i] * y[i];
    out[row] = sum;
  }
}

FOR_EACH_CPU void transformer_sum_members(const float *restrict x, size_t rows, size_t members, size_t columns,
                                          float *restrict out) {
  for (size_t row = 0; row < rows; row++, out += columns) {
    for (size_t i = 0; i < columns; i++) out[i] = x[i];
    x += columns;
    for (size_t member = 1; member < members; member++, x += columns) {
      for (size_t i = 0; i < columns; i++) out[i] += x[i];
    }
  }
}

FOR_EACH_CPU void transformer_store_attention(const struct transformer_attention *attention, size_t first,
                                              size_t count, size_t members, size_t stride, float *restrict out,
                                              size_t log_stride, float *restrict log_sums) {
  const size_t dimension = attention->dimension, width = attention->width;
  for (size_t row = first; row < first + count * members; row++) {
    float sum = 0;
    for (size_t i = 0; i < transformer_key_panel; i++) sum += attention->sum[row * transformer_key_panel + i];
    // A row that has seen nothing is zero; a sum that is NaN stays so.
    const float factor = sum == 0.0f ? 0.0f : 1.0f / sum, *result = attention->output + row * width;
    const size_t index = (row - first) / members, member = (row - first) % members;
    float *target = out + index * stride + member * dimension;
    for (size_t i = 0; i < dimension; i++) target[i] = result[i] * factor;
    log_sums[member * log_stride + index] = attention->maximum[row] + logf(sum);
  }
}
