#ifndef CKERNELS_TRAINING_H
#define CKERNELS_TRAINING_H

#include <stddef.h>
#include <stdint.h>

// What training adds to the products: weights made wide again, softmax, dropout, sums and the optimizer's step.

/// Widens the weights of one panel of 16 outputs (see matmul.h), of the blocks from `first` to before `last`, padding
/// included: `out[output * stride + 32 * (block - first) + input]`. `bits` is 8 or 4; the matrix has `blocks` blocks.
void training_widen_panel(int bits, const void *weights, const void *scales, size_t blocks, size_t panel, size_t first,
                          size_t last, float *out, size_t stride);

/// What is needed of some logits x, divided by the temperature, to make a softmax of several such parts.
struct training_softmax {
  /// The largest number, where it first stands, and the sums of e and e z with z = x - largest, e = exp(z).
  float largest;
  size_t place;
  double sum;
  double weighted;
};
void training_softmax_part(const float *logits, size_t count, float inverse_temperature,
                           struct training_softmax *out);

/// x = factor exp(inverse_temperature x - largest).
void training_softmax_gradient(float *x, size_t count, float inverse_temperature, float largest, float factor);

/// Which elements dropout keeps: those whose hash of `key` and index (counted from `first`) is at least `threshold`.
struct training_dropout {
  uint64_t key;
  uint32_t threshold;
  /// What the kept ones are multiplied with.
  float scale;
};

/// out = scale x where it is kept, else 0.
void training_drop(const float *x, size_t count, size_t first, struct training_dropout dropout, float *out);

/// sum += scale x where it is kept.
void training_add_dropped(const float *x, size_t count, size_t first, struct training_dropout dropout, float *sum);

/// sums[c] += the sum of column c of x `[rows, columns]`, for the columns from `first` to before `last`.
void training_add_column_sums(const float *x, size_t rows, size_t columns, size_t first, size_t last, float *sums);

/// The sum of x^2.
double training_sum_of_squares(const float *x, size_t count);

/// x = x factor.
void training_scale(float *x, size_t count, float factor);

/// x += bias in each row.
void training_add_to_rows(float *x, size_t rows, size_t columns, const float *bias);

/// One step of AdamW (Loshchilov and Hutter 2017, arXiv:1711.05101).
struct training_adamw {
  /// 1 - learning rate x weight decay.
  float decay;
  /// 1 - beta1.
  float first_share;
  float beta2;
  /// 1 - beta2.
  float second_share;
  /// learning rate / (1 - beta1^step).
  float step_size;
  /// 1 / sqrt(1 - beta2^step).
  float second_factor;
  float epsilon;
};
void training_adamw_step(float *value, const float *gradient, float *first, float *second, size_t count,
                         const struct training_adamw *settings);

#endif
