#ifndef CKERNELS_TRANSFORMER_H
#define CKERNELS_TRANSFORMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Matrices are row-major float32. Pointers need no alignment unless it is said.

/// x += y.
void transformer_add(float *x, const float *y, size_t count);

/// out = (x - mean) / sqrt(variance + epsilon) * weight + bias over each row; the variance divides by `columns`.
void transformer_layer_norm(const float *x, const float *weight, const float *bias, float epsilon, size_t rows,
                            size_t columns, float *out);

/// out = x / sqrt(mean of x^2 + epsilon) * weight over each row.
void transformer_rms_norm(const float *x, const float *weight, float epsilon, size_t rows, size_t columns,
                          float *out);

/// x = x/2 (1 + erf(x / sqrt 2)).
void transformer_gelu(float *x, size_t count);

/// x = x / (1 + exp(-x)) y.
void transformer_silu_times(float *x, const float *y, size_t count);

/// out[i] = exp(x[i]); within 1 ulp or so of it, 0 below -87.3.
void transformer_exp(const float *x, size_t count, float *out);

/// The mean of rows 2i and 2i + 1 as row i of `out`.
void transformer_average_pairs(const float *x, size_t pairs, size_t columns, float *out);

/// log(sum of exp(x)); -infinity of no numbers.
float transformer_log_sum_exp(const float *x, size_t count);

/// The first index of the largest number, NaN aside; 0 of no numbers.
size_t transformer_argmax(const float *x, size_t count);

/// Whether no number is infinite or NaN.
bool transformer_all_finite(const float *x, size_t count);

/// Turns each head of each row by the angles of its position: element i of the first half of a head and element i of
/// the second are the two parts of a complex number. `cosines` and `sines` hold rows of `dimension / 2` numbers, one
/// for each position from 0.
void transformer_rotate(float *x, size_t rows, size_t heads, size_t dimension, const int64_t *positions,
                        const float *cosines, const float *sines);

/// Positions that stand side by side in stored keys.
enum { transformer_key_panel = 16 };

/// Positions whose scores are computed together; the sums of an attention are formed in this grain.
enum { transformer_attention_chunk = 128 };

/// Stores the keys of one head for positions from `first`: `keys[(p / 16) * dimension * 16 + d * 16 + p % 16]`, so that
/// 16 positions are multiplied at once. `x` is the first of `count` rows `row_stride` elements apart.
void transformer_store_keys(const float *x, size_t row_stride, size_t count, size_t dimension, size_t first,
                            float *keys);

/// Queries that look at the same keys, and what has been summed up for them so far.
///
/// `width` is `dimension` rounded up to a multiple of 16. Before the first block `maximum` is -infinity, and `sum` and
/// `output` are zero; after the last a row's result is `output` over all of `sum`.
struct transformer_attention {
  size_t rows;
  size_t dimension;
  size_t width;
  /// [rows, dimension], scaled.
  const float *queries;
  /// How many positions of the block each row sees.
  const int64_t *visible;
  /// [rows, transformer_attention_chunk] to work in, 64-byte aligned.
  float *scores;
  /// [rows]: the largest score.
  float *maximum;
  /// [rows, 16], 64-byte aligned: sums of exp(score - maximum), of each 16th position.
  float *sum;
  /// [rows, width], 64-byte aligned: the values weighted by exp(score - maximum).
  float *output;
};

/// Adds the positions of one block: `keys` of one head as transformer_store_keys leaves them, `values` [positions,
/// width], both 64-byte aligned.
///
/// What a row gets does not depend on the other rows, to the bit.
void transformer_attend(const struct transformer_attention *attention, const float *keys, const float *values);

/// Copies `count` rows of `columns` numbers, `stride` elements apart, times `scale`.
void transformer_load_queries(const float *x, size_t stride, size_t count, size_t columns, float scale, float *out);

/// Writes the results of `count` times `members` rows from row `first`: those of `members` rows side by side, the next
/// ones `stride` elements further.
void transformer_store_results(const struct transformer_attention *attention, size_t first, size_t count,
                               size_t members, size_t stride, float *out);

#endif
