#ifndef CKERNELS_TRANSFORMER_BACKWARD_H
#define CKERNELS_TRANSFORMER_BACKWARD_H

#include <stddef.h>
#include <stdint.h>

// What the loops of transformer.h turn into on the way back. Matrices are row-major float32; `gradient` is that of a
// loop's result. Pointers need no alignment unless it is said; a result whose pointer is NULL is not computed.

/// out = x + y.
void transformer_sum(const float *x, const float *y, size_t count, float *out);

/// The gradient of transformer_rms_norm: writes that of `x`, adds that of `weight`.
void transformer_rms_norm_backward(const float *x, const float *weight, const float *gradient, float epsilon,
                                   size_t rows, size_t columns, float *x_gradient, float *weight_gradient);

/// The gradient of transformer_layer_norm: writes that of `x`, adds those of `weight` and of the bias.
void transformer_layer_norm_backward(const float *x, const float *weight, const float *gradient, float epsilon,
                                     size_t rows, size_t columns, float *x_gradient, float *weight_gradient,
                                     float *bias_gradient);

/// The gradient of transformer_gelu at `x`.
void transformer_gelu_backward(const float *x, const float *gradient, size_t count, float *x_gradient);

/// The gradients of x / (1 + exp(-x)) y.
void transformer_silu_times_backward(const float *x, const float *y, const float *gradient, size_t count,
                                     float *x_gradient, float *y_gradient);

/// Turns back what transformer_rotate turns.
void transformer_rotate_back(const float *gradient, size_t rows, size_t heads, size_t dimension,
                             const int64_t *positions, const float *cosines, const float *sines, float *out);

/// Half of row i of `gradient` as rows 2i and 2i + 1 of `out`.
void transformer_halve_to_pairs(const float *gradient, size_t pairs, size_t columns, float *out);

/// The sum of `members` runs of `columns` numbers side by side, for each of `rows` rows.
void transformer_sum_members(const float *x, size_t rows, size_t members, size_t columns, float *out);

/// Copies one head of `rows` rows `stride` elements apart, times `scale`; zeros fill the rows of `out` up to `width`.
void transformer_gather_head(const float *x, size_t stride, size_t rows, size_t dimension, size_t width, float scale,
                             float *out);

/// The reverse of transformer_gather_head.
void transformer_scatter_head(const float *x, size_t width, size_t rows, size_t dimension, size_t stride, float scale,
                              float *out);

/// The dot product of each row of x with the same row of y, both `stride` elements apart.
void transformer_row_products(const float *x, const float *y, size_t stride, size_t rows, size_t dimension,
                              float *out);

/// As transformer_store_results, but zeros for a row that has seen no position; and the logarithm of each row's sum of
/// exponentials, that of index `count` c and member m at `log_sums[m * log_stride + c]`.
struct transformer_attention;
void transformer_store_attention(const struct transformer_attention *attention, size_t first, size_t count,
                                 size_t members, size_t stride, float *out, size_t log_stride, float *log_sums);

/// Rows of queries and columns of keys that are worked on together.
enum { transformer_backward_rows = 64, transformer_backward_columns = 128 };

/// One head of an attention on its way back. `width` is the dimension rounded up to a multiple of 16; rows of that
/// many numbers are zero beyond the dimension and 64-byte aligned.
struct transformer_attention_backward {
  size_t dimension;
  size_t width;
  /// [queries, width], scaled.
  const float *queries;
  /// [queries, width]: the gradient of the result.
  const float *gradient;
  /// [queries]: the logarithm of each query's sum of exponentials.
  const float *log_sums;
  /// [queries]: each row of the result times its gradient.
  const float *products;
  /// [keys, width]
  const float *keys;
  const float *values;
  /// To work in, 64-byte aligned: transformer_backward_columns * dimension numbers each.
  float *key_panels;
  float *value_panels;
  /// To work in, 64-byte aligned: transformer_backward_rows * transformer_backward_columns numbers each.
  float *weights;
  float *changes;
  /// [queries, width] or NULL: added to, not scaled yet.
  float *query_gradient;
  /// [keys, width] or NULL: added to.
  float *key_gradient;
  float *value_gradient;
};

/// Which instructions to use; the portable ones run everywhere.
enum { transformer_portable, transformer_avx2, transformer_avx512 };

/// The best level of this CPU.
int transformer_backward_level(void);

/// Adds what the attention of some consecutive queries to some consecutive keys means for the gradients: query
/// `first_query + i` sees the first `seen + i step` of the keys from `first_key` on, at least none and at most all.
///
/// `level` is at most transformer_backward_level().
void transformer_attend_backward(int level, const struct transformer_attention_backward *attention,
                                 size_t first_query, size_t query_count, size_t first_key, size_t key_count,
                                 int64_t seen, int64_t step);

#endif
