// The softmax of logits that are never all there at once, and its gradient.
#include "training.h"

#include <math.h>

#include "transformer.h"
#include "transformer_vector.h"

enum { at_once = 1024 };

INLINE void add_part(const float *restrict x, size_t count, float factor, float largest, double *sum,
                     double *weighted) {
#pragma clang fp reassociate(on)
  float e_sum = 0, ez_sum = 0;
  for (size_t i = 0; i < count; i++) {
    const float z = x[i] * factor - largest, e = exponential(z);
    e_sum += e;
    // Where e is 0, z may be infinite.
    ez_sum += e * (z < -100.0f ? -100.0f : z);
  }
  *sum += (double)e_sum;
  *weighted += (double)ez_sum;
}

FOR_EACH_CPU void training_softmax_part(const float *logits, size_t count, float inverse_temperature,
                                        struct training_softmax *out) {
  const size_t place = transformer_argmax(logits, count);
  const float largest = count > 0 ? logits[place] * inverse_temperature : -INFINITY;
  double sum = 0, weighted = 0;
  // What is -infinity throughout weighs nothing.
  if (largest == -INFINITY) count = 0;
  for (size_t start = 0; start < count; start += at_once) {
    const size_t length = count - start < at_once ? count - start : at_once;
    add_part(logits + start, length, inverse_temperature, largest, &sum, &weighted);
  }
  *out = (struct training_softmax){.largest = largest, .place = place, .sum = sum, .weighted = weighted};
}

FOR_EACH_CPU void training_softmax_gradient(float *x, size_t count, float inverse_temperature, float largest,
                                            float factor) {
  for (size_t i = 0; i < count; i++) x[i] = factor * exponential(x[i] * inverse_temperature - largest);
}
