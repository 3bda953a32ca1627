#include "logmel.h"

#include <string.h>

// The loops work on as many frames at once as a vector register holds numbers: one frame a lane. They are in
// logmel_lanes.h, compiled once for each register width.
//
// The transform is in double precision: rounding errors are about as large in all frequencies, so that next to a loud
// tone, float32's come to 5e-5 in the result where the energy is 1e-8 of the loudest. The reference has such errors
// too; ours would be added to them.

#define FFT_SIZE 400
#define HOP 160
#define BINS 201
#define FRAMES CKERNELS_LOGMEL_FRAMES
// Of a row of transposed samples: 32 frames and the 2 that their windows reach into, filled up to whole cache lines.
#define ROW 48

// 400 = 16 x 25, two factors without a common divisor, so the transform needs no rotations between the factors
// (Good 1958, Thomas 1963): sample (25 a + 16 b) mod 400 is element a of the b-th transform of 16, and frequency k is
// the one with k mod 16 and k mod 25 of the two.
#define SAMPLE(a, b) ((25 * (a) + 16 * (b)) % FFT_SIZE)
#define OFFSET(a, b) (SAMPLE(a, b) % HOP * ROW + SAMPLE(a, b) / HOP)
#define OFFSETS(b) \
  {OFFSET(0, b),  OFFSET(1, b),  OFFSET(2, b),  OFFSET(3, b),  OFFSET(4, b),  OFFSET(5, b),  OFFSET(6, b), \
   OFFSET(7, b),  OFFSET(8, b),  OFFSET(9, b),  OFFSET(10, b), OFFSET(11, b), OFFSET(12, b), OFFSET(13, b), \
   OFFSET(14, b), OFFSET(15, b)}

/// Where the samples of the b-th transform of 16 are among the transposed ones.
static const int16_t sample_offsets[25][16] = {
    OFFSETS(0),  OFFSETS(1),  OFFSETS(2),  OFFSETS(3),  OFFSETS(4),  OFFSETS(5),  OFFSETS(6),
    OFFSETS(7),  OFFSETS(8),  OFFSETS(9),  OFFSETS(10), OFFSETS(11), OFFSETS(12), OFFSETS(13),
    OFFSETS(14), OFFSETS(15), OFFSETS(16), OFFSETS(17), OFFSETS(18), OFFSETS(19), OFFSETS(20),
    OFFSETS(21), OFFSETS(22), OFFSETS(23), OFFSETS(24)};

// Frequencies above half the sample rate mirror those below.
#define FREQUENCY(k16, k25) ((225 * (k16) + 176 * (k25)) % FFT_SIZE)
#define BIN(k16, k25) (FREQUENCY(k16, k25) < BINS ? FREQUENCY(k16, k25) : FFT_SIZE - FREQUENCY(k16, k25))
#define BINS_OF(k) \
  {BIN(k, 0),  BIN(k, 1),  BIN(k, 2),  BIN(k, 3),  BIN(k, 4),  BIN(k, 5),  BIN(k, 6),  BIN(k, 7),  BIN(k, 8), \
   BIN(k, 9),  BIN(k, 10), BIN(k, 11), BIN(k, 12), BIN(k, 13), BIN(k, 14), BIN(k, 15), BIN(k, 16), BIN(k, 17), \
   BIN(k, 18), BIN(k, 19), BIN(k, 20), BIN(k, 21), BIN(k, 22), BIN(k, 23), BIN(k, 24)}

static const int16_t bins[9][25] = {BINS_OF(0), BINS_OF(1), BINS_OF(2), BINS_OF(3), BINS_OF(4),
                                    BINS_OF(5), BINS_OF(6), BINS_OF(7), BINS_OF(8)};

/// Cosine and sine of 2 pi j k / 25 for j and k from 0 to 4.
static const double rotations[5][5][2] = {
    {{1, 0},
     {1, 0},
     {1, 0},
     {1, 0},
     {1, 0}},
    {{1, 0},
     {0.9685831611286311, 0.2486898871648548},
     {0.8763066800438636, 0.4817536741017153},
     {0.7289686274214116, 0.6845471059286886},
     {0.5358267949789965, 0.8443279255020151}},
    {{1, 0},
     {0.8763066800438636, 0.4817536741017153},
     {0.5358267949789965, 0.8443279255020151},
     {0.06279051952931353, 0.9980267284282716},
     {-0.4257792915650727, 0.9048270524660195}},
    {{1, 0},
     {0.7289686274214116, 0.6845471059286886},
     {0.06279051952931353, 0.9980267284282716},
     {-0.6374239897486897, 0.7705132427757893},
     {-0.9921147013144778, 0.12533323356430454}},
    {{1, 0},
     {0.5358267949789965, 0.8443279255020151},
     {-0.4257792915650727, 0.9048270524660195},
     {-0.9921147013144778, 0.12533323356430454},
     {-0.6374239897486895, -0.7705132427757894}}};

#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)

#define LANES 4
#define NAME(name) CAT(name, _128)
#include "logmel_lanes.h"
#undef LANES
#undef NAME

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define NAME(name) CAT(name, _256)
#include "logmel_lanes.h"
#undef LANES
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx2,fma"))), apply_to = function)
#define LANES 16
#define NAME(name) CAT(name, _512)
#include "logmel_lanes.h"
#undef LANES
#undef NAME
#pragma clang attribute pop

#endif

int ckernels_logmel_widest(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return 512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 256;
#endif
  return 128;
}

static float block(
    const ckernels_logmel_tables *tables, const float *samples, float *out, ptrdiff_t stride) {
#if defined(__x86_64__)
  if (tables->width == 512) return block_512(tables, samples, out, stride);
  if (tables->width == 256) return block_256(tables, samples, out, stride);
#endif
  return block_128(tables, samples, out, stride);
}

float ckernels_logmel_block(
    const ckernels_logmel_tables *tables, const float *samples, float *out, ptrdiff_t stride, ptrdiff_t stored,
    ptrdiff_t counted) {
  if (stored >= FRAMES && counted >= FRAMES) return block(tables, samples, out, stride);
  float values[CKERNELS_LOGMEL_BANDS * FRAMES];
  float largest = -10;
  block(tables, samples, values, FRAMES);
  for (ptrdiff_t band = 0; band < tables->bands; band++) {
    const float *row = values + band * FRAMES;
    for (ptrdiff_t frame = 0; frame < counted; frame++) largest = row[frame] > largest ? row[frame] : largest;
    if (stored > 0) memcpy(out + band * stride, row, (size_t)stored * sizeof(float));
  }
  return largest;
}

void ckernels_logmel_finish(const ckernels_logmel_tables *tables, float *values, ptrdiff_t count, float floor) {
#if defined(__x86_64__)
  if (tables->width == 512) return finish_512(values, count, floor);
  if (tables->width == 256) return finish_256(values, count, floor);
#endif
  finish_128(values, count, floor);
}
