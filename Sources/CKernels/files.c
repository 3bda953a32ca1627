// Checks of numbers as they stand in files, at the speed of memory.
#include "files.h"

#include "small_floats.h"

// A block is judged without branches, so that the loop is vectorised.
enum { BLOCK = 2048 };

CLONES static int block_has16(const uint8_t *bytes, size_t count, uint16_t mask) {
  uint16_t found = 0;
  for (size_t i = 0; i < count; i++) {
    uint16_t word;
    memcpy(&word, bytes + 2 * i, 2);
    found |= (uint16_t)((word & mask) == mask);
  }
  return found != 0;
}

CLONES static int block_has32(const uint8_t *bytes, size_t count, uint32_t mask) {
  uint32_t found = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t word;
    memcpy(&word, bytes + 4 * i, 4);
    found |= (uint32_t)((word & mask) == mask);
  }
  return found != 0;
}

ptrdiff_t files_first_nonfinite16(const void *words, size_t count, uint16_t mask) {
  const uint8_t *bytes = words;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    if (!block_has16(bytes + 2 * start, length, mask)) continue;
    for (size_t i = start; i < start + length; i++) {
      uint16_t word;
      memcpy(&word, bytes + 2 * i, 2);
      if ((word & mask) == mask) return (ptrdiff_t)i;
    }
  }
  return -1;
}

ptrdiff_t files_first_nonfinite32(const void *words, size_t count, uint32_t mask) {
  const uint8_t *bytes = words;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    if (!block_has32(bytes + 4 * start, length, mask)) continue;
    for (size_t i = start; i < start + length; i++) {
      uint32_t word;
      memcpy(&word, bytes + 4 * i, 4);
      if ((word & mask) == mask) return (ptrdiff_t)i;
    }
  }
  return -1;
}
