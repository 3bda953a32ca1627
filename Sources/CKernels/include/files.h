#ifndef CKERNELS_FILES_H
#define CKERNELS_FILES_H

#include <stddef.h>
#include <stdint.h>

// Numbers as they stand in a file: little-endian, at any alignment.

// The index of the first word whose exponent bits (those of `mask`) are all ones, that is of an infinity or NaN;
// -1 where there is none. `mask` is 0x7F80 for bfloat16, 0x7C00 for float16 and 0x7F800000 for float32.
ptrdiff_t files_first_nonfinite16(const void *words, size_t count, uint16_t mask);
ptrdiff_t files_first_nonfinite32(const void *words, size_t count, uint32_t mask);

#endif
