// Sums, dropout and the optimizer's step.
#include "training.h"

#include <math.h>

#include "transformer_vector.h"

enum { width = 64, rows_at_once = 64 };

/// Adds the sums of `columns` <= 64 columns.
INLINE void add_sums(const float *restrict x, size_t rows, size_t stride, size_t columns, float *restrict sums) {
  double totals[width] = {0};
  for (size_t start = 0; start < rows; start += rows_at_once) {
    const size_t end = rows - start < rows_at_once ? rows : start + rows_at_once;
    float parts[width] = {0};
    for (size_t row = start; row < end; row++) {
      for (size_t i = 0; i < columns; i++) parts[i] += x[row * stride + i];
    }
    for (size_t i = 0; i < columns; i++) totals[i] += (double)parts[i];
  }
  for (size_t i = 0; i < columns; i++) sums[i] += (float)totals[i];
}

FOR_EACH_CPU void training_add_column_sums(const float *x, size_t rows, size_t columns, size_t first, size_t last,
                                           float *sums) {
  size_t column = first;
  for (; column + width <= last; column += width) add_sums(x + column, rows, columns, width, sums + column);
  if (column < last) add_sums(x + column, rows, columns, last - column, sums + column);
}

FOR_EACH_CPU double training_sum_of_squares(const float *x, size_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}

FOR_EACH_CPU void training_scale(float *x, size_t count, float factor) {
  for (size_t i = 0; i < count; i++) x[i] *= factor;
}

FOR_EACH_CPU void training_add_to_rows(float *restrict x, size_t rows, size_t columns, const float *restrict bias) {
  for (size_t row = 0; row < rows; row++, x += columns) {
    for (size_t i = 0; i < columns; i++) x[i] += bias[i];
  }
}

/// A permutation of 32-bit numbers that looks random (constants: C. Wellons, hash-prospector, "lowbias32").
INLINE uint32_t mixed(uint32_t x) {
  x = (x ^ x >> 16) * 0x7feb352du;
  x = (x ^ x >> 15) * 0x846ca68bu;
  return x ^ x >> 16;
}

/// The factor of an element: 0 or the scale.
INLINE float kept(size_t index, struct training_dropout dropout) {
  const uint32_t low = (uint32_t)index + (uint32_t)dropout.key;
  const uint32_t high = (uint32_t)(dropout.key >> 32) ^ (uint32_t)((uint64_t)index >> 32) * 0x9e3779b9u;
  return mixed(mixed(low) ^ high) >= dropout.threshold ? dropout.scale : 0.0f;
}

FOR_EACH_CPU void training_drop(const float *restrict x, size_t count, size_t first, struct training_dropout dropout,
                                float *restrict out) {
  for (size_t i = 0; i < count; i++) out[i] = x[i] * kept(first + i, dropout);
}

FOR_EACH_CPU void training_add_dropped(const float *restrict x, size_t count, size_t first,
                                       struct training_dropout dropout, float *restrict sum) {
  for (size_t i = 0; i < count; i++) sum[i] += x[i] * kept(first + i, dropout);
}

FOR_EACH_CPU void training_adamw_step(float *restrict value, const float *restrict gradient, float *restrict first,
                                      float *restrict second, size_t count, const struct training_adamw *settings) {
  const struct training_adamw s = *settings;
  for (size_t i = 0; i < count; i++) {
    const float g = gradient[i];
    first[i] += s.first_share * (g - first[i]);
    second[i] = s.beta2 * second[i] + s.second_share * g * g;
    value[i] = value[i] * s.decay - s.step_size * first[i] / (sqrtf(second[i]) * s.second_factor + s.epsilon);
  }
}
