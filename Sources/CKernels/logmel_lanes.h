// No header of its own: logmel.c includes this once for each width, with LANES (of float32) and NAME defined.

typedef float NAME(floats) __attribute__((ext_vector_type(LANES)));
typedef float NAME(loose) __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int32_t NAME(ints) __attribute__((ext_vector_type(LANES)));
typedef double NAME(doubles) __attribute__((ext_vector_type(LANES / 2)));
typedef float NAME(half) __attribute__((ext_vector_type(LANES / 2), aligned(4)));

#define F NAME(floats)
#define V NAME(doubles)
#define LOAD(p) (*(const NAME(half) *)(p))
#define POWER(p) (*(NAME(half) *)(p))
#define STORE(p, v) (*(NAME(loose) *)(p) = (v))

/// Turns the samples, [FRAMES + 4, HOP], into `rows`, [HOP, ROW]: beside each sample those of the same place in the
/// hops after it, so that a vector loaded anywhere holds one sample of each frame.
static void NAME(transpose)(const float *restrict samples, float *restrict rows) {
  typedef float four __attribute__((vector_size(16)));
  typedef float loose_four __attribute__((vector_size(16), aligned(4)));
  for (int frame = 0; frame < FRAMES + 4; frame += 4) {
    for (int j = 0; j < HOP; j += 4) {
      const float *from = samples + frame * HOP + j;
      float *to = rows + j * ROW + frame;
      four a = *(const loose_four *)from, b = *(const loose_four *)(from + HOP);
      four c = *(const loose_four *)(from + 2 * HOP), d = *(const loose_four *)(from + 3 * HOP);
      four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
      four ef = __builtin_shufflevector(a, b, 2, 6, 3, 7), gh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
      *(four *)to = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
      *(four *)(to + ROW) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
      *(four *)(to + 2 * ROW) = __builtin_shufflevector(ef, gh, 0, 1, 4, 5);
      *(four *)(to + 3 * ROW) = __builtin_shufflevector(ef, gh, 2, 3, 6, 7);
    }
  }
}

/// Frequencies 0 to 8 of 16 windowed samples, stored 25 apart; frequency 0 has the real part alone, in `real[0]`, and
/// so has 8, in `imaginary[0]`.
static inline void NAME(transform_16)(
    const float *restrict rows, const int16_t *restrict offsets, const float *restrict window, V *restrict real,
    V *restrict imaginary) {
#pragma clang fp contract(fast)
  const double c = 0.70710678118654752f, c1 = 0.92387953251128676f, c3 = 0.38268343236508977f;
  V s[8], d[8];
#pragma clang loop unroll(full)
  for (int a = 0; a < 8; a++) {
    V first = __builtin_convertvector(LOAD(rows + offsets[a]) * window[a], V);
    V second = __builtin_convertvector(LOAD(rows + offsets[a + 8]) * window[a + 8], V);
    s[a] = first + second;
    d[a] = first - second;
  }
  V t0 = s[0] + s[4], t1 = s[1] + s[5], t2 = s[2] + s[6], t3 = s[3] + s[7];
  V u0 = s[0] - s[4], u1 = s[1] - s[5], u2 = s[2] - s[6], u3 = s[3] - s[7];
  V even = t0 + t2, odd = t1 + t3;
  real[0] = even + odd;
  imaginary[0] = even - odd;
  real[4 * 25] = t0 - t2;
  imaginary[4 * 25] = t3 - t1;
  V across = c * (u1 - u3), along = c * (u1 + u3);
  real[2 * 25] = u0 + across;
  imaginary[2 * 25] = -u2 - along;
  real[6 * 25] = u0 - across;
  imaginary[6 * 25] = u2 - along;
  V p1 = d[1] - d[7], p2 = c * (d[2] - d[6]), p3 = d[3] - d[5];
  V q1 = d[1] + d[7], q2 = c * (d[2] + d[6]), q3 = d[3] + d[5];
  V outer = d[0] + p2, inner = d[0] - p2, wide = c1 * p1 + c3 * p3, narrow = c3 * p1 - c1 * p3;
  real[1 * 25] = outer + wide;
  real[7 * 25] = outer - wide;
  real[3 * 25] = inner + narrow;
  real[5 * 25] = inner - narrow;
  V up = d[4] + q2, down = d[4] - q2, low = c3 * q1 + c1 * q3, high = c1 * q1 - c3 * q3;
  imaginary[1 * 25] = -up - low;
  imaginary[7 * 25] = up - low;
  imaginary[3 * 25] = down - high;
  imaginary[5 * 25] = -down - high;
}

/// Five complex numbers, `stride` apart, to their frequencies, in place.
static inline __attribute__((always_inline)) void NAME(transform_5)(V *real, V *imaginary, int stride) {
#pragma clang fp contract(fast)
  const double c1 = 0.30901699437494742f, c2 = -0.80901699437494742f;
  const double s1 = 0.95105651629515357f, s2 = 0.58778525229247313f;
  V r0 = real[0], i0 = imaginary[0];
  V r14 = real[stride] + real[4 * stride], i14 = imaginary[stride] + imaginary[4 * stride];
  V r23 = real[2 * stride] + real[3 * stride], i23 = imaginary[2 * stride] + imaginary[3 * stride];
  V dr14 = real[stride] - real[4 * stride], di14 = imaginary[stride] - imaginary[4 * stride];
  V dr23 = real[2 * stride] - real[3 * stride], di23 = imaginary[2 * stride] - imaginary[3 * stride];
  V ar1 = r0 + c1 * r14 + c2 * r23, ai1 = i0 + c1 * i14 + c2 * i23;
  V ar2 = r0 + c2 * r14 + c1 * r23, ai2 = i0 + c2 * i14 + c1 * i23;
  V br1 = s1 * dr14 + s2 * dr23, bi1 = s1 * di14 + s2 * di23;
  V br2 = s2 * dr14 - s1 * dr23, bi2 = s2 * di14 - s1 * di23;
  real[0] = r0 + r14 + r23;
  imaginary[0] = i0 + i14 + i23;
  real[stride] = ar1 + bi1;
  imaginary[stride] = ai1 - br1;
  real[2 * stride] = ar2 + bi2;
  imaginary[2 * stride] = ai2 - br2;
  real[3 * stride] = ar2 - bi2;
  imaginary[3 * stride] = ai2 + br2;
  real[4 * stride] = ar1 - bi1;
  imaginary[4 * stride] = ai1 + br1;
}

/// 25 complex numbers to their frequencies, in place; frequency k1 + 5 k2 goes to 5 k1 + k2.
static inline void NAME(transform_25)(V *real, V *imaginary) {
#pragma clang fp contract(fast)
#pragma clang loop unroll(full)
  for (int n = 0; n < 5; n++) {
    NAME(transform_5)(real + n, imaginary + n, 5);
#pragma clang loop unroll(full)
    for (int k = 1; k < 5; k++) {
      const double cosine = rotations[n][k][0], sine = rotations[n][k][1];
      V r = real[n + 5 * k], i = imaginary[n + 5 * k];
      real[n + 5 * k] = cosine * r + sine * i;
      imaginary[n + 5 * k] = cosine * i - sine * r;
    }
  }
#pragma clang loop unroll(full)
  for (int k = 0; k < 5; k++) NAME(transform_5)(real + 5 * k, imaginary + 5 * k, 1);
}

/// Makes the squared magnitudes of the 201 frequencies of LANES / 2 frames, stored LANES apart.
static void NAME(power)(const float *restrict rows, const float *restrict window, float *restrict power) {
#pragma clang fp contract(fast)
  V real[8 * 25], imaginary[8 * 25];
  for (int b = 0; b < 25; b++) {
    NAME(transform_16)(rows, sample_offsets[b], window + 16 * b, real + b, imaginary + b);
  }
  for (int k16 = 0; k16 < 8; k16++) NAME(transform_25)(real + 25 * k16, imaginary + 25 * k16);
  for (int k16 = 1; k16 < 8; k16++) {
    for (int k = 0; k < 25; k++) {
      V r = real[25 * k16 + k], i = imaginary[25 * k16 + k];
      POWER(power + LANES * bins[k16][k / 5 + k % 5 * 5]) = __builtin_convertvector(r * r + i * i, NAME(half));
    }
  }
  // Frequencies 0 and 8 of the transforms of 16 are real and went through the transform of 25 as one complex number:
  // the spectrum's symmetric part is that of the first, the antisymmetric that of the second.
  POWER(power + LANES * bins[0][0]) = __builtin_convertvector(real[0] * real[0], NAME(half));
  POWER(power + LANES * bins[8][0]) = __builtin_convertvector(imaginary[0] * imaginary[0], NAME(half));
  for (int k = 1; k < 13; k++) {
    int here = k / 5 + k % 5 * 5, there = (25 - k) / 5 + (25 - k) % 5 * 5;
    V r = 0.5 * real[here], i = 0.5 * imaginary[here], mr = 0.5 * real[there], mi = 0.5 * imaginary[there];
    V sr = r + mr, si = i - mi, ar = i + mi, ai = mr - r;
    POWER(power + LANES * bins[0][k]) = __builtin_convertvector(sr * sr + si * si, NAME(half));
    POWER(power + LANES * bins[8][k]) = __builtin_convertvector(ar * ar + ai * ai, NAME(half));
  }
}

/// log10 of a normal number above 0, with the polynomial of Cephes' logf (Moshier 1992).
static inline __attribute__((always_inline)) void NAME(log10)(F *value) {
#pragma clang fp contract(fast)
  typedef NAME(ints) I;
  // The exponent is such that the mantissa is from sqrt(1/2), here as its bits, to sqrt(2).
  I bits = (I)*value, above = bits - 0x3f3504f3;
  F exponent = __builtin_convertvector(above >> 23, F);
  F x = (F)(bits - (above & ~0x7fffff)) - 1;
  F p = 7.0376836292e-2f * x - 1.1514610310e-1f;
  p = p * x + 1.1676998740e-1f;
  p = p * x - 1.2420140846e-1f;
  p = p * x + 1.4249322787e-1f;
  p = p * x - 1.6668057665e-1f;
  p = p * x + 2.0000714765e-1f;
  p = p * x - 2.4999993993e-1f;
  p = p * x + 3.3333331174e-1f;
  F square = x * x;
  F natural = x + (square * x * p - 0.5f * square);
  *value = 0.43429448190325183f * natural + 0.30102999566398120f * exponent;
}

/// As ckernels_logmel_block, for all frames.
static float NAME(block)(const ckernels_logmel_tables *tables, const float *samples, float *out, ptrdiff_t stride) {
#pragma clang fp contract(fast)
  _Alignas(64) float rows[HOP * ROW];
  F power[BINS];
  F largest = (F)-10.0f;
  NAME(transpose)(samples, rows);
  for (int frame = 0; frame < FRAMES; frame += LANES) {
    for (int half = 0; half < 2; half++) {
      NAME(power)(rows + frame + half * (LANES / 2), tables->window, (float *)power + half * (LANES / 2));
    }
    for (ptrdiff_t band = 0; band < tables->bands; band++) {
      const float *weight = tables->weights + tables->weight_starts[band];
      const float *end = tables->weights + tables->weight_starts[band + 1];
      F sum = (F)0.0f;
      for (const F *bin = power + tables->first_bins[band]; weight < end; bin++, weight++) sum += *weight * *bin;
      sum = sum > 1e-10f ? sum : (F)1e-10f;
      NAME(log10)(&sum);
      largest = sum > largest ? sum : largest;
      STORE(out + band * stride + frame, sum);
    }
  }
  float result = largest[0];
  for (int lane = 1; lane < LANES; lane++) result = largest[lane] > result ? largest[lane] : result;
  return result;
}

/// As ckernels_logmel_finish.
static void NAME(finish)(float *values, ptrdiff_t count, float floor) {
  for (ptrdiff_t i = 0; i < count; i++) values[i] = ((values[i] > floor ? values[i] : floor) + 4) * 0.25f;
}

#undef F
#undef V
#undef LOAD
#undef POWER
#undef STORE
