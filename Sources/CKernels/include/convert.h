#ifndef CKERNELS_CONVERT_H
#define CKERNELS_CONVERT_H

#include <stddef.h>
#include <stdint.h>

// Small floats to float32 and back: `count` numbers, little-endian and at any alignment where they are small.

// Exact; a NaN stays a NaN.
void convert_widen_bfloat16(const void *from, size_t count, float *to);
void convert_widen_float16(const void *from, size_t count, float *to);

// Rounds to nearest, ties to even, as torch does; a NaN stays a NaN.
void convert_narrow_bfloat16(const float *from, size_t count, void *to);

#endif
