// Norms, activations and reductions over rows.
#include "transformer.h"

#include <math.h>

#include "transformer_vector.h"

FOR_EACH_CPU void transformer_add(float *restrict x, const float *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] += y[i];
}

FOR_EACH_CPU void transformer_layer_norm(const float *restrict x, const float *restrict weight,
                                         const float *restrict bias, float epsilon, size_t rows, size_t columns,
                                         float *restrict out) {
#pragma clang fp reassociate(on)
  for (size_t row = 0; row < rows; row++, x += columns, out += columns) {
    float sum = 0;
    for (size_t i = 0; i < columns; i++) sum += x[i];
    const float mean = sum / (float)columns;
    float squares = 0;
    for (size_t i = 0; i < columns; i++) squares += (x[i] - mean) * (x[i] - mean);
    const float scale = 1.0f / sqrtf(squares / (float)columns + epsilon);
    for (size_t i = 0; i < columns; i++) out[i] = (x[i] - mean) * scale * weight[i] + bias[i];
  }
}

FOR_EACH_CPU void transformer_rms_norm(const float *restrict x, const float *restrict weight, float epsilon,
                                       size_t rows, size_t columns, float *restrict out) {
#pragma clang fp reassociate(on)
  for (size_t row = 0; row < rows; row++, x += columns, out += columns) {
    float squares = 0;
    for (size_t i = 0; i < columns; i++) squares += x[i] * x[i];
    const float scale = 1.0f / sqrtf(squares / (float)columns + epsilon);
    for (size_t i = 0; i < columns; i++) out[i] = x[i] * scale * weight[i];
  }
}

FOR_EACH_CPU void transformer_gelu(float *x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = gaussian_linear_unit(x[i]);
}

FOR_EACH_CPU void transformer_silu_times(float *restrict x, const float *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = x[i] / (1.0f + exponential(-x[i])) * y[i];
}

FOR_EACH_CPU void transformer_exp(const float *restrict x, size_t count, float *restrict out) {
  for (size_t i = 0; i < count; i++) out[i] = exponential(x[i]);
}

FOR_EACH_CPU void transformer_average_pairs(const float *restrict x, size_t pairs, size_t columns,
                                            float *restrict out) {
  for (size_t pair = 0; pair < pairs; pair++, x += 2 * columns, out += columns) {
    for (size_t i = 0; i < columns; i++) out[i] = (x[i] + x[columns + i]) * 0.5f;
  }
}

/// The largest number, NaN aside; -infinity of none.
INLINE float largest(const float *x, size_t count) {
  lanes most[4] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    for (size_t part = 0; part < 4; part++) {
      most[part] = __builtin_elementwise_max(most[part], *(const lanes_anywhere *)(x + i + 16 * part));
    }
  }
  most[0] = __builtin_elementwise_max(most[0], most[1]);
  most[2] = __builtin_elementwise_max(most[2], most[3]);
  most[0] = __builtin_elementwise_max(most[0], most[2]);
  float result = __builtin_reduce_max(most[0]);
  for (; i < count; i++) result = x[i] > result ? x[i] : result;
  return result;
}

INLINE float sum_of_exponentials(const float *x, size_t count, float offset) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += exponential(x[i] - offset);
  return sum;
}

FOR_EACH_CPU float transformer_log_sum_exp(const float *x, size_t count) {
  const float most = largest(x, count);
  if (!isfinite(most)) {
    // exp(x - most) would be NaN for a NaN alone.
    float sum = most;
    for (size_t i = 0; i < count; i++) sum = isnan(x[i]) ? x[i] : sum;
    return sum;
  }
  // Short sums in float32 keep the rounding of the whole near that of one addition.
  double sum = 0;
  for (size_t i = 0; i < count; i += 4096) {
    sum += (double)sum_of_exponentials(x + i, count - i < 4096 ? count - i : 4096, most);
  }
  return (float)((double)most + log(sum));
}

FOR_EACH_CPU size_t transformer_argmax(const float *x, size_t count) {
  const float most = largest(x, count);
  size_t start = 0;
  for (; start + 256 <= count; start += 256) {
    int found = 0;
    for (size_t i = 0; i < 256; i++) found |= x[start + i] == most;
    if (found) break;
  }
  for (; start < count; start++) {
    if (x[start] == most) return start;
  }
  return 0;
}

FOR_EACH_CPU bool transformer_all_finite(const float *x, size_t count) {
  // The exponent of infinities and NaN is all ones, so their bits without the sign are the largest.
  const uint32_t *bits = (const uint32_t *)(const void *)x;
  const uint32_t mask = 0x7FFFFFFFu, limit = 0x7F800000u;
  for (size_t start = 0; start < count; start += 16384) {
    const size_t end = count - start < 16384 ? count : start + 16384;
    uint32_t most = 0;
    for (size_t i = start; i < end; i++) most = (bits[i] & mask) > most ? bits[i] & mask : most;
    if (most >= limit) return false;
  }
  return true;
}

FOR_EACH_CPU void transformer_rotate(float *restrict x, size_t rows, size_t heads, size_t dimension,
                                     const int64_t *restrict positions, const float *restrict cosines,
                                     const float *restrict sines) {
  const size_t half = dimension / 2;
  for (size_t row = 0; row < rows; row++) {
    const float *c = cosines + (size_t)positions[row] * half, *s = sines + (size_t)positions[row] * half;
    for (size_t head = 0; head < heads; head++, x += dimension) {
      for (size_t i = 0; i < half; i++) {
        const float a = x[i], b = x[half + i];
        x[i] = a * c[i] - b * s[i];
        x[half + i] = b * c[i] + a * s[i];
      }
    }
  }
}
