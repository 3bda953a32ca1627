// The bits of floats, for the files of the products and the conversions; not for Swift.
#ifndef CKERNELS_SMALL_FLOATS_H
#define CKERNELS_SMALL_FLOATS_H

#include <stdint.h>
#include <string.h>

// The compiler makes vectors of the plain loops for each of these; the right version is picked when the program loads.
#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define CLONES
#endif

static inline uint32_t float_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

static inline float bits_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

static inline float half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = (uint32_t)(half & 0x7fff) << 13;
  // Float16 and float32 lay subnormal numbers out alike, so 2^112 shifts the exponent's bias from 15 to 127 for both
  // kinds. An infinity or a NaN gets the exponent that says so.
  uint32_t bits = float_bits(bits_float(magnitude) * 0x1p112f);
  return bits_float(sign | bits | (magnitude >= 0x0f800000u ? 0x7f800000u : 0));
}

#endif
