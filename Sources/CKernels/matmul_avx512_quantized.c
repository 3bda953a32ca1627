#include "matmul_internal.h"

#ifdef MATMUL_HAS_AVX512
#include <immintrin.h>

// Products with int8 or int4 weights by the VNNI instruction vpdpbusd, which multiplies unsigned bytes with signed ones
// and adds four products to each of 16 sums. The weights are the unsigned ones: value + 128, so that the sum of the
// activations times 128 has to go off, which is where the sums begin.
//
// A tile is 2 panels (or 1) of 16 outputs times up to 6 rows: 12 sums of a block, 12 sums of all.

#define TILE static inline __attribute__((always_inline)) AVX512
#define UNROLL _Pragma("clang loop unroll(full)")

// Blocks of one pass: two panels of them take 32 KB of the first-level cache.
enum { CHUNK = 32, MOST_ROWS = 6, GROUPED_ROWS = 96 };

// The activations of some rows from some block on; `stride` is that of rows, in blocks.
struct activations {
  const int8_t *values;
  const float *scales;
  const int32_t *offsets;
  size_t stride;
};

TILE struct activations activations_at(struct activations x, size_t row, size_t block) {
  size_t at = row * x.stride + block;
  return (struct activations){x.values + at * MATMUL_BLOCK, x.scales + at, x.offsets + at, x.stride};
}

// The bytes of a quad of one block, value + 128; int4 has two quads to a vector.
TILE __m512i weight_quad(const int bits, const uint8_t *block, int quad) {
  if (bits == 8) return _mm512_loadu_si512(block + quad * 64);
  __m512i halves = _mm512_loadu_si512(block + quad / 2 * 64);
  if (quad % 2) halves = _mm512_srli_epi16(halves, 4);
  return _mm512_and_si512(halves, _mm512_set1_epi8(15));
}

// Some blocks of the weights of a tile, the distances of panels in bytes, and what to fetch meanwhile: so many lines of
// 64 bytes of the next tile a block, so that the memory works while the tile is computed. Without lines, the weights
// are used once, and fetched a little ahead of their use.
struct chunk {
  const uint8_t *weights, *scales;
  size_t weight_stride, scale_stride, count;
  const uint8_t *ahead;
  size_t ahead_lines;
};

// A block of each panel 4 KB ahead, beyond the page where the hardware stops.
TILE void fetch_ahead(const int bits, const int panels, const uint8_t *w, size_t w_stride) {
  UNROLL for (int panel = 0; panel < panels; panel++) {
    UNROLL for (int line = 0; line < bits; line++) {
      _mm_prefetch((const char *)(w + panel * w_stride + 4096 + 64 * line), _MM_HINT_T0);
    }
  }
}

// Adds a chunk to the sums [rows][panels].
TILE void add_blocks(const int bits, const int panels, const int rows, struct activations x, struct chunk c,
                     __m512 *sums) {
  const uint8_t *w = c.weights, *ws = c.scales;
  const size_t bytes = bits * 64;
  __m512 acc[2 * MOST_ROWS];
  UNROLL for (int i = 0; i < panels * rows; i++) acc[i] = sums[i];
  for (size_t block = 0; block < c.count; block++, w += bytes, ws += 32) {
    for (size_t i = 0; i < c.ahead_lines; i++, c.ahead += 64) _mm_prefetch((const char *)c.ahead, _MM_HINT_T1);
    if (c.ahead_lines == 0) fetch_ahead(bits, panels, w, c.weight_stride);
    __m512i products[2 * MOST_ROWS];
    UNROLL for (int row = 0; row < rows; row++) {
      __m512i offset = _mm512_set1_epi32(x.offsets[row * x.stride + block]);
      // 8 instead of 128.
      if (bits == 4) offset = _mm512_srai_epi32(offset, 4);
      UNROLL for (int panel = 0; panel < panels; panel++) products[row * panels + panel] = offset;
    }
    UNROLL for (int quad = 0; quad < 8; quad++) {
      __m512i weights[2];
      UNROLL for (int panel = 0; panel < panels; panel++) {
        weights[panel] = weight_quad(bits, w + panel * c.weight_stride, quad);
      }
      UNROLL for (int row = 0; row < rows; row++) {
        int four;
        memcpy(&four, x.values + (row * x.stride + block) * MATMUL_BLOCK + 4 * quad, 4);
        __m512i in = _mm512_set1_epi32(four);
        UNROLL for (int panel = 0; panel < panels; panel++) {
          products[row * panels + panel] = _mm512_dpbusd_epi32(products[row * panels + panel], weights[panel], in);
        }
      }
    }
    __m512 scales[2];
    UNROLL for (int panel = 0; panel < panels; panel++) {
      scales[panel] = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(ws + panel * c.scale_stride)));
    }
    UNROLL for (int row = 0; row < rows; row++) {
      __m512 scale = _mm512_set1_ps(x.scales[row * x.stride + block]);
      UNROLL for (int panel = 0; panel < panels; panel++) {
        __m512 product = _mm512_cvtepi32_ps(products[row * panels + panel]);
        acc[row * panels + panel] =
            _mm512_fmadd_ps(product, _mm512_mul_ps(scales[panel], scale), acc[row * panels + panel]);
      }
    }
  }
  UNROLL for (int i = 0; i < panels * rows; i++) sums[i] = acc[i];
}

TILE void add_group(const int bits, const int panels, size_t rows, struct activations x, struct chunk c,
                    __m512 *sums) {
  switch (rows) {
    case 1: add_blocks(bits, panels, 1, x, c, sums); break;
    case 2: add_blocks(bits, panels, 2, x, c, sums); break;
    case 3: add_blocks(bits, panels, 3, x, c, sums); break;
    case 4: add_blocks(bits, panels, 4, x, c, sums); break;
    case 5: add_blocks(bits, panels, 5, x, c, sums); break;
    default: add_blocks(bits, panels, 6, x, c, sums); break;
  }
}

// int4 to int8: value + 8 to value + 128.
AVX512 static void unpack(const uint8_t *from, size_t blocks, uint8_t *to) {
  const __m512i low = _mm512_set1_epi8(15), more = _mm512_set1_epi8(120);
  for (size_t i = 0; i < 4 * blocks; i++, from += 64, to += 128) {
    __m512i halves = _mm512_loadu_si512(from);
    _mm512_store_si512(to, _mm512_add_epi8(_mm512_and_si512(halves, low), more));
    _mm512_store_si512(to + 64, _mm512_add_epi8(_mm512_and_si512(_mm512_srli_epi16(halves, 4), low), more));
  }
}

// One product: what the tiles need to know.
struct product {
  struct activations x;
  size_t rows, blocks, outputs;
  const uint8_t *weights, *scales;
  const float *bias;
  float *out;
  size_t stride;
};

// Writes the sums [rows][panels] of the panels from `panel` on.
TILE void finish(const struct product *p, const int panels, size_t rows, size_t panel, const __m512 *sums,
                 float *out) {
  for (int i = 0; i < panels; i++) {
    size_t output = (panel + i) * MATMUL_PANEL, count = p->outputs - output;
    __mmask16 mask = count < MATMUL_PANEL ? (__mmask16)((1u << count) - 1) : (__mmask16)0xffff;
    __m512 bias = p->bias ? _mm512_maskz_loadu_ps(mask, p->bias + output) : _mm512_setzero_ps();
    for (size_t row = 0; row < rows; row++) {
      _mm512_mask_storeu_ps(out + row * p->stride + output, mask, _mm512_add_ps(sums[row * panels + i], bias));
    }
  }
}

// The rows of one group of tiles: up to GROUPED_ROWS rows of `panels` panels.
TILE void compute_panels(const struct product *p, const int bits, const int panels, size_t panel, size_t first_row,
                         size_t rows) {
  __m512 sums[2 * GROUPED_ROWS];
  uint8_t unpacked[2 * CHUNK * MATMUL_INT8_BYTES] __attribute__((aligned(64)));
  size_t groups = (rows + MOST_ROWS - 1) / MOST_ROWS, bytes = bits * 64;
  for (size_t i = 0; i < rows * panels; i++) sums[i] = _mm512_setzero_ps();
  size_t panel_bytes = p->blocks * bytes, scale_bytes = p->blocks * 32;
  const uint8_t *weights = p->weights + panel * panel_bytes;
  struct chunk c = {weights, p->scales + panel * scale_bytes, panel_bytes, scale_bytes, p->blocks,
                    weights + panels * panel_bytes, 0};
  if (groups == 1) {
    add_group(bits, panels, rows, activations_at(p->x, first_row, 0), c, sums);
    return finish(p, panels, rows, panel, sums, p->out + first_row * p->stride);
  }
  c.ahead_lines = (panels * bytes / 64 + groups - 1) / groups;
  for (size_t block = 0; block < p->blocks; block += CHUNK, c.scales += CHUNK * 32) {
    c.count = p->blocks - block < CHUNK ? p->blocks - block : CHUNK;
    c.weights = weights + block * bytes;
    if (bits == 4) {
      for (int i = 0; i < panels; i++) {
        unpack(c.weights + i * panel_bytes, c.count, unpacked + i * CHUNK * MATMUL_INT8_BYTES);
      }
      c.weights = unpacked;
      c.weight_stride = CHUNK * MATMUL_INT8_BYTES;
    }
    for (size_t group = 0, row = 0; group < groups; group++) {
      size_t size = (rows - row) / (groups - group);
      add_group(8, panels, size, activations_at(p->x, first_row + row, block), c, sums + row * panels);
      row += size;
      c.ahead += c.count * c.ahead_lines * 64;
    }
  }
  finish(p, panels, rows, panel, sums, p->out + first_row * p->stride);
}

TILE void compute(const struct product *p, const int bits, size_t first, size_t last) {
  for (size_t row = 0; row < p->rows; row += GROUPED_ROWS) {
    size_t rows = p->rows - row < GROUPED_ROWS ? p->rows - row : GROUPED_ROWS, panel = first;
    for (; panel + 2 <= last; panel += 2) compute_panels(p, bits, 2, panel, row, rows);
    if (panel < last) compute_panels(p, bits, 1, panel, row, rows);
  }
}

AVX512 static void compute_int8(const struct product *p, size_t first, size_t last) { compute(p, 8, first, last); }
AVX512 static void compute_int4(const struct product *p, size_t first, size_t last) { compute(p, 4, first, last); }

void matmul_quantized_avx512(int bits, const int8_t *values, const float *scales, const int32_t *offsets, size_t rows,
                             size_t blocks, const void *weights, const void *weight_scales, size_t first, size_t last,
                             size_t outputs, const float *bias, float *out, size_t stride) {
  struct activations x = {values, scales, offsets, blocks};
  struct product p = {x, rows, blocks, outputs, weights, weight_scales, bias, out, stride};
  if (bits == 8) {
    compute_int8(&p, first, last);
  } else {
    compute_int4(&p, first, last);
  }
}

AVX512 void matmul_quantize_rows_avx512(const float *x, size_t rows, size_t inputs, int8_t *values, float *scales,
                                        int32_t *offsets) {
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  for (size_t row = 0; row < rows; row++, x += inputs) {
    for (size_t k = 0; k < inputs; k += MATMUL_BLOCK, values += MATMUL_BLOCK) {
      uint32_t mask = inputs - k < MATMUL_BLOCK ? (1u << (inputs - k)) - 1 : 0xffffffffu;
      __m512 low = _mm512_maskz_loadu_ps((__mmask16)mask, x + k);
      __m512 high = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), x + k + 16);
      __m512i larger = _mm512_max_epu32(_mm512_and_si512(_mm512_castps_si512(low), magnitude),
                                        _mm512_and_si512(_mm512_castps_si512(high), magnitude));
      float amax = bits_float(_mm512_reduce_max_epu32(larger));
      __m512 inverse = _mm512_set1_ps(amax < 1e-30f ? 0 : 127 / amax);
      __m512i first = _mm512_cvtps_epi32(_mm512_mul_ps(low, inverse));
      __m512i second = _mm512_cvtps_epi32(_mm512_mul_ps(high, inverse));
      _mm_storeu_si128((__m128i *)values, _mm512_cvtepi32_epi8(first));
      _mm_storeu_si128((__m128i *)(values + 16), _mm512_cvtepi32_epi8(second));
      *scales++ = amax < 1e-30f ? 0 : amax / 127;
      *offsets++ = (int32_t)(-128u * (uint32_t)_mm512_reduce_add_epi32(_mm512_add_epi32(first, second)));
    }
  }
}
#endif
