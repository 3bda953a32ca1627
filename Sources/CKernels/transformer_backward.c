// Gradients of norms, activations, rotation and averages.
#include "transformer_backward.h"

#include <math.h>

#include "transformer_vector.h"

FOR_EACH_CPU void transformer_sum(const float *restrict x, const float *restrict y, size_t count,
                                  float *restrict out) {
  for (size_t i = 0; i < count; i++) out[i] = x[i] + y[i];
}

FOR_EACH_CPU void transformer_rms_norm_backward(const float *restrict x, const float *restrict weight,
                                                const float *restrict gradient, float epsilon, size_t rows,
                                                size_t columns, float *restrict x_gradient,
                                                float *restrict weight_gradient) {
#pragma clang fp reassociate(on)
  for (size_t row = 0; row < rows; row++, x += columns, gradient += columns) {
    float squares = 0, product = 0;
    for (size_t i = 0; i < columns; i++) {
      squares += x[i] * x[i];
      product += gradient[i] * weight[i] * x[i];
    }
    const float scale = 1.0f / sqrtf(squares / (float)columns + epsilon);
    const float share = product / (float)columns * scale * scale * scale;
    if (x_gradient) {
      for (size_t i = 0; i < columns; i++) x_gradient[i] = gradient[i] * weight[i] * scale - x[i] * share;
      x_gradient += columns;
    }
    if (weight_gradient) {
      for (size_t i = 0; i < columns; i++) weight_gradient[i] += gradient[i] * (x[i] * scale);
    }
  }
}

FOR_EACH_CPU void transformer_layer_norm_backward(const float *restrict x, const float *restrict weight,
                                                  const float *restrict gradient, float epsilon, size_t rows,
                                                  size_t columns, float *restrict x_gradient,
                                                  float *restrict weight_gradient, float *restrict bias_gradient) {
#pragma clang fp reassociate(on)
  for (size_t row = 0; row < rows; row++, x += columns, gradient += columns) {
    float sum = 0;
    for (size_t i = 0; i < columns; i++) sum += x[i];
    const float mean = sum / (float)columns;
    float squares = 0, slope = 0, product = 0;
    for (size_t i = 0; i < columns; i++) {
      const float centred = x[i] - mean, scaled = gradient[i] * weight[i];
      squares += centred * centred;
      slope += scaled;
      product += scaled * centred;
    }
    const float scale = 1.0f / sqrtf(squares / (float)columns + epsilon);
    const float shift = slope / (float)columns, share = product / (float)columns * scale * scale;
    if (x_gradient) {
      for (size_t i = 0; i < columns; i++) {
        x_gradient[i] = (gradient[i] * weight[i] - shift - (x[i] - mean) * share) * scale;
      }
      x_gradient += columns;
    }
    if (weight_gradient) {
      for (size_t i = 0; i < columns; i++) weight_gradient[i] += gradient[i] * ((x[i] - mean) * scale);
    }
    if (bias_gradient) {
      for (size_t i = 0; i < columns; i++) bias_gradient[i] += gradient[i];
    }
  }
}

/// P(x) + x p(x) with the normal distribution P and its density p, within 1.5e-7.
///
/// P by formula 7.1.26 of Abramowitz and Stegun, Handbook of Mathematical Functions, which holds the density already.
INLINE float gaussian_linear_slope(float x) {
  const float t = 1.0f / (1.0f + 0.23164189f * __builtin_fabsf(x));
  float p = 1.061405429f;
  p = p * t + -1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t + -0.284496736f;
  p = p * t + 0.254829592f;
  const float bell = exponential(-0.5f * x * x), tail = 0.5f * p * t * bell;
  // The tail is 0 at an infinite x, of which the density's share must not become NaN.
  const float near = __builtin_fabsf(x) < 16.0f ? x : 0.0f;
  const float slope = (x > 0.0f ? 1.0f - tail : tail) + near * bell * 0.398942280f;
  return x == x ? slope : x;
}

FOR_EACH_CPU void transformer_gelu_backward(const float *restrict x, const float *restrict gradient, size_t count,
                                            float *restrict x_gradient) {
  for (size_t i = 0; i < count; i++) x_gradient[i] = gradient[i] * gaussian_linear_slope(x[i]);
}

FOR_EACH_CPU void transformer_silu_times_backward(const float *restrict x, const float *restrict y,
                                                  const float *restrict gradient, size_t count,
                                                  float *restrict x_gradient, float *restrict y_gradient) {
  if (x_gradient && y_gradient) {
    for (size_t i = 0; i < count; i++) {
      const float sigmoid = 1.0f / (1.0f + exponential(-x[i])), silu = x[i] * sigmoid;
      x_gradient[i] = gradient[i] * y[i] * (sigmoid + silu * (1.0f - sigmoid));
      y_gradient[i] = gradient[i] * silu;
    }
  } else if (x_gradient) {
    for (size_t i = 0; i < count; i++) {
      const float sigmoid = 1.0f / (1.0f + exponential(-x[i])), silu = x[i] * sigmoid;
      x_gradient[i] = gradient[i] * y[i] * (sigmoid + silu * (1.0f - sigmoid));
    }
  } else if (y_gradient) {
    for (size_t i = 0; i < count; i++) {
      const float sigmoid = 1.0f / (1.0f + exponential(-x[i]));
      y_gradient[i] = gradient[i] * (x[i] * sigmoid);
    }
  }
}

FOR_EACH_CPU void transformer_rotate_back(const float *restrict gradient, size_t rows, size_t heads,
                                          size_t dimension, const int64_t *restrict positions,
                                          const float *restrict cosines, const float *restrict sines,
                                          float *restrict out) {
  const size_t half = dimension / 2;
  for (size_t row = 0; row < rows; row++) {
    const float *c = cosines + (size_t)positions[row] * half, *s = sines + (size_t)positions[row] * half;
    for (size_t head = 0; head < heads; head++, gradient += dimension, out += dimension) {
      for (size_t i = 0; i < half; i++) {
        const float a = gradient[i], b = gradient[half + i];
        out[i] = a * c[i] + b * s[i];
        out[half + i] = b * c[i] - a * s[i];
      }
    }
  }
}

FOR_EACH_CPU void transformer_halve_to_pairs(const float *restrict gradient, size_t pairs, size_t columns,
                                             float *restrict out) {
  for (size_t pair = 0; pair < pairs; pair++, gradient += columns, out += 2 * columns) {
    for (size_t i = 0; i < columns; i++) out[i] = out[columns + i] = gradient[i] * 0.5f;
  }
}
