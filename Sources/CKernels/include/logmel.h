#ifndef CKERNELS_LOGMEL_H
#define CKERNELS_LOGMEL_H

#include <stddef.h>
#include <stdint.h>

enum {
  /// Frames that one call computes.
  CKERNELS_LOGMEL_FRAMES = 32,
  /// Samples that one call reads; those behind the last frame have no effect.
  CKERNELS_LOGMEL_SAMPLES = 160 * (CKERNELS_LOGMEL_FRAMES + 4),
  /// The most bands.
  CKERNELS_LOGMEL_BANDS = 256,
};

/// What a log-mel spectrogram is computed with: windows of 400 samples, every 160 samples.
typedef struct {
  /// 400 weights; at 16 b + a that of sample (25 a + 16 b) mod 400.
  const float *window;
  /// For each band its first bin of the 201, and where its weights begin in `weights`, with their end behind the last.
  const int32_t *first_bins, *weight_starts;
  const float *weights;
  ptrdiff_t bands;
  /// Bits of the vector registers to use, at most ckernels_logmel_widest().
  int width;
} ckernels_logmel_tables;

/// The widest vector registers of this CPU that there are loops for: 128, 256 or 512 bits.
int ckernels_logmel_widest(void);

/// log10 of the mel energies, at least -10, of the frames that begin at samples 0, 160, 320, ... of `samples`.
///
/// The first `stored` of the 32 frames go to `out`, [bands, stored] with `stride` elements from one band to the next.
/// Returns the largest value of the first `counted` frames, -10 where that is 0.
float ckernels_logmel_block(
    const ckernels_logmel_tables *tables, const float *samples, float *out, ptrdiff_t stride, ptrdiff_t stored,
    ptrdiff_t counted);

/// Makes (max(value, floor) + 4) / 4 of each of `count` values.
void ckernels_logmel_finish(const ckernels_logmel_tables *tables, float *values, ptrdiff_t count, float floor);

#endif
