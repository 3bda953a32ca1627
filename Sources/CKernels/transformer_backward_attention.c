// The way back through an attention, tile by tile, the weights computed once more from the sums of exponentials that
// the way forward left (Dao et al. 2022, arXiv:2205.14135, algorithm 4).
#include <math.h>
#include <string.h>

#include "transformer.h"
#include "transformer_backward.h"
#include "transformer_vector.h"

enum {
  panel = transformer_key_panel,
  tile_rows = transformer_backward_rows,
  tile_columns = transformer_backward_columns
};

/// A matrix whose element (r, k) is `start[r * row + k * step]`.
struct operand {
  const float *start;
  size_t row;
  size_t step;
};

/// A matrix in panels of 16 columns: element (k, 16 j + i) is `start[k * step + j * next + i]`, 64-byte aligned.
struct panels {
  const float *start;
  size_t step;
  size_t next;
};

/// c (+)= a b for `rows` rows of a and `count` times 16 columns of b.
INLINE void multiply_tile(const int rows, const int count, struct operand a, struct panels b, size_t inner, float *c,
                          size_t c_stride, const int adding) {
  lanes sum[8][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < count; j++) {
      sum[r][j] = adding ? *(const lanes *)(c + (size_t)r * c_stride + (size_t)j * panel) : (lanes)0.0f;
    }
  }
  for (size_t k = 0; k < inner; k++) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const lanes factor = a.start[(size_t)r * a.row + k * a.step];
#pragma clang loop unroll(full)
      for (int j = 0; j < count; j++) {
        sum[r][j] = factor * *(const lanes *)(b.start + k * b.step + (size_t)j * b.next) + sum[r][j];
      }
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < count; j++) *(lanes *)(c + (size_t)r * c_stride + (size_t)j * panel) = sum[r][j];
  }
}

/// multiply_tile for any count of rows up to `limit`.
INLINE void multiply_rows(const int limit, size_t rows, const int count, struct operand a, struct panels b,
                          size_t inner, float *c, size_t c_stride, const int adding) {
  while (rows > 0) {
    size_t done;
#define TILE(n) \
  if (limit >= n && rows >= n) { \
    multiply_tile(n, count, a, b, inner, c, c_stride, adding); \
    done = n; \
  } else
    TILE(8) TILE(7) TILE(6) TILE(5) TILE(4) TILE(3) TILE(2) {
      multiply_tile(1, count, a, b, inner, c, c_stride, adding);
      done = 1;
    }
#undef TILE
    a.start += done * a.row;
    c += done * c_stride;
    rows -= done;
  }
}

/// multiply_rows for `count` panels of b, two at a time.
INLINE void multiply(const int limit, size_t rows, size_t count, struct operand a, struct panels b, size_t inner,
                     float *c, size_t c_stride, const int adding) {
  for (; count >= 2; count -= 2, b.start += 2 * b.next, c += 2 * panel) {
    multiply_rows(limit, rows, 2, a, b, inner, c, c_stride, adding);
  }
  if (count > 0) multiply_rows(limit, rows, 1, a, b, inner, c, c_stride, adding);
}

/// Rows of queries and keys that meet, and how many of the keys each query sees.
struct tile {
  size_t first_query, rows, first_key, columns;
  int64_t seen, step;
};

/// How many keys of a tile a row sees.
INLINE size_t visible(const struct tile *tile, size_t row) {
  const int64_t seen = tile->seen + (int64_t)row * tile->step;
  return seen <= 0 ? 0 : (size_t)seen < tile->columns ? (size_t)seen : tile->columns;
}

/// The first row that sees a key, or the count of rows.
INLINE size_t first_row(const struct tile *tile, size_t key) {
  const int64_t missing = (int64_t)key + 1 - tile->seen;
  if (missing <= 0) return 0;
  if (tile->step == 0) return tile->rows;
  const int64_t row = (missing + tile->step - 1) / tile->step;
  return (size_t)row < tile->rows ? (size_t)row : tile->rows;
}

/// Copies rows as panels of 16, whose first rows lie side by side; the last panel is filled up with zeros.
INLINE void store_panels(const float *x, size_t stride, size_t count, size_t dimension, float *out) {
  for (size_t start = 0; start < count; start += panel, x += panel * stride, out += panel * dimension) {
    const size_t rows = count - start < panel ? count - start : panel;
    if (rows < panel) memset(out, 0, panel * dimension * sizeof(float));
    for (size_t row = 0; row < rows; row++) {
      for (size_t d = 0; d < dimension; d++) out[d * panel + row] = x[row * stride + d];
    }
  }
}

/// Products of rows with the keys, or the values, that they see; the last panels hold those of some more.
INLINE void multiply_seen(const int limit, const struct tile *tile, const float *rows, size_t width,
                          const float *panels_start, size_t dimension, float *out) {
  for (size_t key = 0; key < tile->columns; key += 2 * panel) {
    const size_t from = first_row(tile, key);
    const struct operand a = {rows + from * width, width, 1};
    const struct panels b = {panels_start + key * dimension, panel, dimension * panel};
    multiply(limit, tile->rows - from, key + panel < tile->columns ? 2 : 1, a, b, dimension,
             out + from * tile_columns + key, tile_columns, 0);
  }
}

/// Makes weights of the scores of a row, and gradients of the scores of those of the weights; zeros where it sees none.
INLINE void weigh(const struct transformer_attention_backward *attention, const struct tile *tile, size_t row,
                  const int changing) {
  float *weights = attention->weights + row * tile_columns, *changes = attention->changes + row * tile_columns;
  const size_t seen = visible(tile, row), end = (seen + panel - 1) / panel * panel;
  if (seen > 0) {
    const float log_sum = attention->log_sums[tile->first_query + row];
    const float product = attention->products[tile->first_query + row];
    for (size_t i = 0; i < end; i++) {
      weights[i] = exponential(weights[i] - log_sum);
      if (changing) changes[i] = weights[i] * (changes[i] - product);
    }
  }
  for (size_t i = seen; i < tile->columns; i++) weights[i] = 0;
  if (!changing) return;
  for (size_t i = seen; i < tile->columns; i++) changes[i] = 0;
}

/// Adds `changes` [rows, keys] times the keys to the gradient of the queries.
INLINE void add_to_queries(const int limit, const struct transformer_attention_backward *attention,
                           const struct tile *tile) {
  const size_t width = attention->width;
  for (size_t row = 0; row < tile->rows; row += 8) {
    const size_t rows = tile->rows - row < 8 ? tile->rows - row : 8, seen = visible(tile, row + rows - 1);
    if (seen == 0) continue;
    const struct operand a = {attention->changes + row * tile_columns, tile_columns, 1};
    const struct panels b = {attention->keys + tile->first_key * width, width, panel};
    multiply(limit, rows, width / panel, a, b, seen, attention->query_gradient + (tile->first_query + row) * width,
             width, 1);
  }
}

/// Adds `factors` [rows, keys], transposed, times `rows` to the gradient of the keys or values.
INLINE void add_to_keys(const int limit, const struct tile *tile, const float *factors, const float *rows,
                        size_t width, float *gradient) {
  for (size_t key = 0; key < tile->columns; key += 8) {
    const size_t keys = tile->columns - key < 8 ? tile->columns - key : 8, from = first_row(tile, key);
    if (from == tile->rows) break;
    const struct operand a = {factors + from * tile_columns + key, 1, tile_columns};
    const struct panels b = {rows + (tile->first_query + from) * width, width, panel};
    multiply(limit, keys, width / panel, a, b, tile->rows - from, gradient + (tile->first_key + key) * width, width,
             1);
  }
}

INLINE void attend_tile(const int limit, const struct transformer_attention_backward *attention,
                        const struct tile *tile) {
  const size_t width = attention->width, dimension = attention->dimension;
  const int changing = attention->query_gradient || attention->key_gradient;
  multiply_seen(limit, tile, attention->queries + tile->first_query * width, width, attention->key_panels, dimension,
                attention->weights);
  if (changing) {
    multiply_seen(limit, tile, attention->gradient + tile->first_query * width, width, attention->value_panels,
                  dimension, attention->changes);
    for (size_t row = 0; row < tile->rows; row++) weigh(attention, tile, row, 1);
  } else {
    for (size_t row = 0; row < tile->rows; row++) weigh(attention, tile, row, 0);
  }
  if (attention->query_gradient) add_to_queries(limit, attention, tile);
  if (attention->key_gradient) {
    add_to_keys(limit, tile, attention->changes, attention->queries, width, attention->key_gradient);
  }
  if (attention->value_gradient) {
    add_to_keys(limit, tile, attention->weights, attention->gradient, width, attention->value_gradient);
  }
}

INLINE void attend_backward(const int limit, const struct transformer_attention_backward *attention,
                            const struct tile *block) {
  const size_t width = attention->width, dimension = attention->dimension;
  for (size_t key = 0; key < block->columns; key += tile_columns) {
    struct tile tile = *block;
    tile.first_key += key;
    tile.columns = block->columns - key < tile_columns ? block->columns - key : tile_columns;
    store_panels(attention->keys + tile.first_key * width, width, tile.columns, dimension, attention->key_panels);
    store_panels(attention->values + tile.first_key * width, width, tile.columns, dimension,
                 attention->value_panels);
    for (size_t row = 0; row < block->rows; row += tile_rows) {
      tile.first_query = block->first_query + row;
      tile.rows = block->rows - row < tile_rows ? block->rows - row : tile_rows;
      tile.seen = block->seen + (int64_t)row * block->step - (int64_t)key;
      if (visible(&tile, tile.rows - 1) > 0) attend_tile(limit, attention, &tile);
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void attend_backward_avx512(
    const struct transformer_attention_backward *attention, const struct tile *block) {
  attend_backward(8, attention, block);
}

__attribute__((target("avx2,fma"))) static void attend_backward_avx2(
    const struct transformer_attention_backward *attention, const struct tile *block) {
  attend_backward(3, attention, block);
}
#endif

int transformer_backward_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return transformer_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return transformer_avx2;
#endif
  return transformer_portable;
}

void transformer_attend_backward(int level, const struct transformer_attention_backward *attention,
                                 size_t first_query, size_t query_count, size_t first_key, size_t key_count,
                                 int64_t seen, int64_t step) {
  const struct tile block = {first_query, query_count, first_key, key_count, seen, step};
#if defined(__x86_64__)
  if (level == transformer_avx512) return attend_backward_avx512(attention, &block);
  if (level == transformer_avx2) return attend_backward_avx2(attention, &block);
#endif
  attend_backward(2, attention, &block);
}
