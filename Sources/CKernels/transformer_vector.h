// What the loops of transformer*.c share; not for Swift.
#ifndef TRANSFORMER_VECTOR_H
#define TRANSFORMER_VECTOR_H

#include <stddef.h>
#include <stdint.h>

// The compiler vectorises the plain loops for each of these, and the right version is picked when the program loads.
#if defined(__x86_64__)
#define FOR_EACH_CPU __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_CPU
#endif

#define INLINE static inline __attribute__((always_inline))

/// 16 numbers, however many registers that takes.
typedef float lanes __attribute__((ext_vector_type(16)));
typedef float lanes_anywhere __attribute__((ext_vector_type(16), aligned(4)));

/// exp(x) within about 1 ulp; 0 below -87.33, and no more than exp(88.37).
///
/// The range reduction and the polynomial are those of Cephes' expf (S. Moshier).
INLINE float exponential(float x) {
  const float lowest = -87.33f, highest = 88.37f;
  // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
  const float rounder = 12582912.0f;
  float bounded = x < lowest ? lowest : x;
  bounded = bounded > highest ? highest : bounded;
  const float shifted = bounded * 1.44269504088896341f + rounder;
  const float power = shifted - rounder;
  float r = bounded - power * 0.693359375f;
  r = r - power * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  union { float f; uint32_t u; } scale = {shifted};
  scale.u = (scale.u << 23) + 0x3F800000u;
  return x < lowest ? 0.0f : p * scale.f;
}

/// x/2 (1 + erf(x / sqrt 2)), at most 4e-8 off below 0 and 6e-8 of it above; tends to 0 and to x beyond +-12.
///
/// As max(x, 0) - t Q(t) with t = |x| and Q the upper tail of the normal distribution, of which log2 is smooth: a
/// polynomial that was fitted on 0...12 by least squares, weighted for the largest |t Q(t)| error. Another makes 2^f.
INLINE float gaussian_linear_unit(float x) {
  const float rounder = 12582912.0f;
  float t = __builtin_fabsf(x);
  t = t > 12.0f ? 12.0f : t;
  float p = 2.3690716943747248e-7f * t + -5.9376980061642826e-6f;
  p = p * t + 5.572993541136384e-5f;
  p = p * t + -2.3087653971742839e-4f;
  p = p * t + -6.889017095090821e-5f;
  p = p * t + 7.0059155113995075e-3f;
  p = p * t + -5.247100442647934e-2f;
  p = p * t + -4.5921292901039124e-1f;
  p = p * t + -1.1511050462722778f;
  p = p * t + -1.0f;
  const float shifted = p + rounder;
  const float f = p - (shifted - rounder);
  float q = 1.5476271801162511e-4f * f + 1.34002766571939e-3f;
  q = q * f + 9.618003852665424e-3f;
  q = q * f + 5.5503278970718384e-2f;
  q = q * f + 2.4022650718688965e-1f;
  q = q * f + 6.931471824645996e-1f;
  q = q * f + 1.0f;
  union { float f; uint32_t u; } power = {shifted}, tail = {q};
  tail.u += power.u << 23;
  return (x > 0.0f ? x : 0.0f) - t * tail.f;
}

#endif
