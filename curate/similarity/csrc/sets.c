/* Sets of hashes to pairs, as join.py and minhash.py define them. A set is a row of a CSR array: sorted, unique. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* One version of a loop per instruction set, where compiler and system can choose among them at load time. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
#define EACH_CPU __attribute__((target_clones("avx2", "default")))
#else
#define EACH_CPU
#endif

#if defined(_MSC_VER)
#include <intrin.h>
#define PREFETCH(at) _mm_prefetch((const char *)(at), 0)
#else
#define PREFETCH(at) __builtin_prefetch(at)
#endif

#define COUNT_STEP UINT64_C(0x9E3779B97F4A7C15)
#define FULL 255 /* a small counter stops here and the overflow counters go on */
#define LAST_POSITION 65535
#define AHEAD 24

typedef struct { const int64_t *indptr; const uint64_t *values; } Sets;

static inline uint64_t mixed(uint64_t x) {
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* ---- arguments ---- */

enum { MOST_BUFFERS = 16 };
typedef struct { Py_buffer view[MOST_BUFFERS]; int count; } Buffers;

static void release(Buffers *b) {
    while (b->count) PyBuffer_Release(&b->view[--b->count]);
}

/* Take buffers from a tuple of arguments; `writable` has a bit for each that is written to. */
static int take(Buffers *b, PyObject *args, int count, unsigned writable) {
    b->count = 0;
    if (PyTuple_Size(args) < count) {
        PyErr_SetString(PyExc_TypeError, "too few arguments");
        return 0;
    }
    while (b->count < count) {
        int flags = writable >> b->count & 1 ? PyBUF_WRITABLE : PyBUF_SIMPLE;
        if (PyObject_GetBuffer(PyTuple_GetItem(args, b->count), &b->view[b->count], flags)) {
            release(b);
            return 0;
        }
        b->count++;
    }
    return 1;
}

/* The whole numbers that follow the buffers. */
static int numbers(PyObject *args, int from, int count, int64_t *out) {
    if (PyTuple_Size(args) != from + count) {
        PyErr_SetString(PyExc_TypeError, "wrong number of arguments");
        return 0;
    }
    for (int i = 0; i < count; i++) {
        out[i] = PyLong_AsLongLong(PyTuple_GetItem(args, from + i));
        if (out[i] == -1 && PyErr_Occurred()) return 0;
    }
    return 1;
}

#define BUFFER(i) (b.view[i].buf)
#define LENGTH(i, type) ((int64_t)(b.view[i].len / (Py_ssize_t)sizeof(type)))

/* ---- fingerprints(indptr, values, out) ---- */

PyObject *py_fingerprints(PyObject *self, PyObject *args) {
    Buffers b;
    if (!take(&b, args, 3, 4)) return NULL;
    const int64_t *indptr = BUFFER(0), rows = LENGTH(2, uint64_t);
    const uint64_t *values = BUFFER(1);
    uint64_t *out = BUFFER(2);
    Py_BEGIN_ALLOW_THREADS
    for (int64_t row = 0; row < rows; row++) {
        uint64_t sum = (uint64_t)(indptr[row + 1] - indptr[row]) * COUNT_STEP;
        for (int64_t i = indptr[row]; i < indptr[row + 1]; i++) sum += mixed(values[i]);
        out[row] = sum;
    }
    Py_END_ALLOW_THREADS
    release(&b);
    Py_RETURN_NONE;
}

/* ---- count(values, small, overflow, shift) ---- */

PyObject *py_count(PyObject *self, PyObject *args) {
    Buffers b;
    int64_t shift;
    if (!take(&b, args, 3, 6)) return NULL;
    if (!numbers(args, 3, 1, &shift)) { release(&b); return NULL; }
    const uint64_t *values = BUFFER(0);
    uint8_t *small = BUFFER(1);
    uint32_t *overflow = BUFFER(2);
    int64_t size = LENGTH(0, uint64_t);
    uint64_t mask = (uint64_t)LENGTH(2, uint32_t) - 1;
    Py_BEGIN_ALLOW_THREADS
    for (int64_t i = 0; i < size; i++) {
        PREFETCH(&small[values[least(i + AHEAD, size - 1)] >> shift]);
        uint64_t slot = values[i] >> shift;
        if (small[slot] == FULL) overflow[slot & mask]++;
        else small[slot]++;
    }
    Py_END_ALLOW_THREADS
    release(&b);
    Py_RETURN_NONE;
}

/* ---- prefixes(indptr, values, order, small, overflow, key_indptr, keys, positions, shift, num, den) ---- */

typedef struct { uint32_t count, at; } Frequent;

static int compare_frequent(const void *left, const void *right) {
    const Frequent *a = left, *b = right;
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

typedef struct {
    const uint8_t *small;
    const uint32_t *overflow;
    uint64_t mask;
    int shift;
    uint8_t *counts; /* room for the small counts of a set, and for its frequent members */
    Frequent *frequent;
} Counters;

/* The members of a set that come before position `length` in the global order, but for those that no other set has. */
static int64_t prefix(const uint64_t *set, int64_t size, int64_t length, Counters *c, uint32_t *keys, uint16_t *positions) {
    int64_t many = 0, single = 0;
    for (int64_t i = 0; i < size; i++) c->counts[i] = c->small[set[i] >> c->shift];
    for (int64_t i = 0; i < size; i++) single += c->counts[i] == 1;
    if (single >= length) return 0;
    uint32_t starts[FULL + 2] = {0};
    for (int64_t i = 0; i < size; i++) starts[c->counts[i] + 1]++;
    for (int count = 1; count <= FULL; count++) starts[count + 1] += starts[count];
    int64_t first_frequent = starts[FULL];
    for (int64_t i = 0; i < size; i++) {
        int count = c->counts[i];
        if (count == 1) continue;
        if (count == FULL) {
            if (first_frequent >= length) continue;
            c->frequent[many].count = c->overflow[set[i] >> c->shift & c->mask];
            c->frequent[many++].at = (uint32_t)i;
            continue;
        }
        int64_t position = starts[count]++;
        if (position < length) keys[position - single] = (uint32_t)(set[i] >> 32);
    }
    if (many) qsort(c->frequent, (size_t)many, sizeof(Frequent), compare_frequent);
    for (int64_t i = 0; i < many && first_frequent + i < length; i++)
        keys[first_frequent + i - single] = (uint32_t)(set[c->frequent[i].at] >> 32);
    for (int64_t i = single; i < length; i++) positions[i - single] = (uint16_t)least(i, LAST_POSITION);
    return length - single;
}

PyObject *py_prefixes(PyObject *self, PyObject *args) {
    Buffers b;
    int64_t n[3], largest = 1;
    if (!take(&b, args, 8, 0xE0)) return NULL;
    if (!numbers(args, 8, 3, n)) { release(&b); return NULL; }
    const int64_t *indptr = BUFFER(0), *order = BUFFER(2), rows = LENGTH(2, int64_t);
    const uint64_t *values = BUFFER(1);
    int64_t *key_indptr = BUFFER(5), count = 0, num = n[1], den = n[2];
    uint32_t *keys = BUFFER(6);
    uint16_t *positions = BUFFER(7);
    Counters c = {BUFFER(3), BUFFER(4), (uint64_t)LENGTH(4, uint32_t) - 1, (int)n[0], NULL, NULL};
    for (int64_t k = 0; k < rows; k++) {
        int64_t size = indptr[order[k] + 1] - indptr[order[k]];
        if (size > largest) largest = size;
    }
    c.counts = malloc((size_t)largest);
    c.frequent = malloc((size_t)largest * sizeof(Frequent));
    if (c.counts && c.frequent) {
        Py_BEGIN_ALLOW_THREADS
        key_indptr[0] = 0;
        for (int64_t k = 0; k < rows; k++) {
            int64_t from = indptr[order[k]], size = indptr[order[k] + 1] - from;
            int64_t next = order[least(k + 1, rows - 1)], later = order[least(k + 4, rows - 1)];
            for (int64_t i = indptr[later]; i < indptr[later + 1]; i += 8) PREFETCH(values + i);
            for (int64_t i = indptr[next]; i < indptr[next + 1]; i++) PREFETCH(&c.small[values[i] >> c.shift]);
            int64_t length = size - (num * size + den - 1) / den + 1;
            count += prefix(values + from, size, length, &c, keys + count, positions + count);
            key_indptr[k + 1] = count;
        }
        Py_END_ALLOW_THREADS
    }
    int failed = !c.counts || !c.frequent;
    free(c.counts);
    free(c.frequent);
    release(&b);
    return failed ? PyErr_NoMemory() : PyLong_FromLongLong(count);
}

/* ---- postings(key_indptr, keys, positions, limits, starts, entries, shift) ---- */

PyObject *py_postings(PyObject *self, PyObject *args) {
    Buffers b;
    int64_t shift;
    if (!take(&b, args, 6, 0x30)) return NULL;
    if (!numbers(args, 6, 1, &shift)) { release(&b); return NULL; }
    const int64_t *key_indptr = BUFFER(0), rows = LENGTH(3, uint32_t);
    const uint32_t *keys = BUFFER(1), *limits = BUFFER(3);
    const uint16_t *positions = BUFFER(2);
    uint32_t *cursor = (uint32_t *)BUFFER(4) + 1, total = 0;
    int64_t buckets = LENGTH(4, uint32_t) - 1;
    uint64_t *entries = BUFFER(5);
    Py_BEGIN_ALLOW_THREADS
    for (int64_t k = 0; k < rows; k++)
        for (int64_t i = key_indptr[k]; i < key_indptr[k + 1] && positions[i] < limits[k]; i++) {
            PREFETCH(&cursor[keys[least(i + AHEAD, key_indptr[rows] - 1)] >> shift]);
            cursor[keys[i] >> shift]++;
        }
    for (int64_t bucket = 0; bucket < buckets; bucket++) {
        uint32_t size = cursor[bucket];
        cursor[bucket] = total;
        total += size;
    }
    for (int64_t k = 0; k < rows; k++)
        for (int64_t i = key_indptr[k]; i < key_indptr[k + 1] && positions[i] < limits[k]; i++) {
            PREFETCH(&cursor[keys[least(i + AHEAD, key_indptr[rows] - 1)] >> shift]);
            entries[cursor[keys[i] >> shift]++] = (uint64_t)k << 32 | keys[i];
        }
    Py_END_ALLOW_THREADS
    release(&b);
    return PyLong_FromLongLong(total);
}

/* ---- records(indptr, values, places, out): a row goes to its place, unless that is -1 ---- */

/* A set at its place in the order. Each member flips one of the bits: two sets differ in at least as many members as
   their bits do (Sandes, Teodoro & Melo 2020, "Bitmap filter: speeding up exact set similarity joins"). */
typedef struct { int64_t start, size; uint64_t bits[2]; } Record;

EACH_CPU
static Record record_of(const uint64_t *values, int64_t from, int64_t to) {
    uint64_t low = 0, high = 0;
    for (int64_t i = from; i < to; i++) {
        uint64_t bit = UINT64_C(1) << (values[i] & 63), upper = -(values[i] >> 6 & 1);
        low ^= bit & ~upper;
        high ^= bit & upper;
    }
    return (Record){from, to - from, {low, high}};
}

PyObject *py_records(PyObject *self, PyObject *args) {
    Buffers b;
    if (!take(&b, args, 4, 8)) return NULL;
    const int64_t *indptr = BUFFER(0), *places = BUFFER(2), rows = LENGTH(2, int64_t);
    Record *out = BUFFER(3);
    Py_BEGIN_ALLOW_THREADS
    for (int64_t row = 0; row < rows; row++)
        if (places[row] >= 0) out[places[row]] = record_of(BUFFER(1), indptr[row], indptr[row + 1]);
    Py_END_ALLOW_THREADS
    release(&b);
    Py_RETURN_NONE;
}

static inline int64_t ones(uint64_t x) {
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    return (int64_t)(((x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F)) * UINT64_C(0x0101010101010101) >> 56);
}

/* ---- intersections(left indptr, values, right indptr, values, left rows, right rows, out) ---- */

/* How many members two sets share, or -1 as soon as it is sure that there are fewer than `need`. */
static inline int64_t shared(const uint64_t *a, int64_t m, const uint64_t *b, int64_t n, int64_t need) {
    int64_t i = 0, j = 0, count = 0;
    while (i + 8 <= m && j + 8 <= n) {
        for (int step = 0; step < 8; step++) {
            uint64_t x = a[i], y = b[j];
            count += x == y;
            i += x <= y;
            j += y <= x;
        }
        if (count + least(m - i, n - j) < need) return -1;
    }
    while (i < m && j < n) {
        uint64_t x = a[i], y = b[j];
        count += x == y;
        i += x <= y;
        j += y <= x;
    }
    return count < need ? -1 : count;
}

PyObject *py_intersections(PyObject *self, PyObject *args) {
    Buffers b;
    if (!take(&b, args, 7, 0x40)) return NULL;
    Sets left = {BUFFER(0), BUFFER(1)}, right = {BUFFER(2), BUFFER(3)};
    const int64_t *i = BUFFER(4), *j = BUFFER(5), pairs = LENGTH(6, int64_t);
    int64_t *out = BUFFER(6);
    Py_BEGIN_ALLOW_THREADS
    for (int64_t p = 0; p < pairs; p++) {
        int64_t from = left.indptr[i[p]], to = right.indptr[j[p]];
        out[p] = shared(left.values + from, left.indptr[i[p] + 1] - from, right.values + to,
                        right.indptr[j[p] + 1] - to, 0);
    }
    Py_END_ALLOW_THREADS
    release(&b);
    Py_RETURN_NONE;
}

/* ---- match(left values, right values, left records, right records, key_indptr, keys, low, high, starts, entries,
   seen, candidates, found, shift, num, den, first) -> (next, count): of as many of the left's sets as fit ---- */

typedef struct {
    const uint64_t *left_values, *right_values;
    const Record *left, *right;
    const int64_t *key_indptr;
    const uint32_t *keys;
    const uint32_t *low, *high, *starts;
    const uint64_t *entries;
    uint32_t *seen, *candidates, *found;
    int64_t shift, num, den, last; /* the place of the last key */
} Match;

/* The least number of members that two sets of these sizes must share. */
static inline int64_t needed(const Match *m, int64_t sizes) {
    return (m->num * sizes + m->num + m->den - 1) / (m->num + m->den);
}

/* The first of the entries from..to that may be of a place from `low` on. */
static inline uint32_t first_entry(const Match *m, uint32_t from, uint32_t to, uint32_t low) {
    while (to - from > 8) {
        uint32_t middle = from + (to - from) / 2;
        if (m->entries[middle] >> 32 < low) from = middle + 1;
        else to = middle;
    }
    return from;
}

/* Sets of the right that share a key with the left's k-th and are of a size that can do. */
static int64_t candidates(const Match *m, int64_t k) {
    int64_t count = 0;
    uint32_t low = m->low[k], high = m->high[k], stamp = (uint32_t)k + 1;
    for (int64_t i = m->key_indptr[k]; i < m->key_indptr[k + 1]; i++) {
        uint32_t key = m->keys[i], end = m->starts[(key >> m->shift) + 1];
        PREFETCH(&m->starts[m->keys[least(i + 2 * AHEAD, m->last)] >> m->shift]);
        PREFETCH(&m->entries[m->starts[m->keys[least(i + AHEAD, m->last)] >> m->shift]]);
        for (uint32_t e = first_entry(m, m->starts[key >> m->shift], end, low); e < end; e++) {
            uint64_t entry = m->entries[e];
            uint32_t other = (uint32_t)(entry >> 32);
            if (other >= high) break;
            if ((uint32_t)entry != key || other < low || m->seen[other] == stamp) continue;
            m->seen[other] = stamp;
            PREFETCH(&m->right[other]);
            m->candidates[count++] = other;
        }
    }
    return count;
}

/* Whether the sizes and bits of two sets leave room for what they must share. */
static inline int may_match(const Record *a, const Record *b, int64_t need) {
    int64_t differ = ones(a->bits[0] ^ b->bits[0]) + ones(a->bits[1] ^ b->bits[1]);
    return 2 * need + differ <= a->size + b->size;
}

/* Write the matches of the left's k-th set; -1 if they may not fit. */
static int64_t match_one(const Match *m, int64_t k, uint32_t *found, int64_t room) {
    const Record *a = &m->left[k];
    int64_t tried = candidates(m, k), likely = 0, count = 0;
    if (tried > room) return -1;
    for (int64_t c = 0; c < tried; c++) {
        const Record *b = &m->right[m->candidates[c]];
        if (!may_match(a, b, needed(m, a->size + b->size))) continue;
        for (int64_t i = 0; i < b->size && i < 128; i += 8) PREFETCH(m->right_values + b->start + i);
        m->candidates[likely++] = m->candidates[c];
    }
    for (int64_t c = 0; c < likely; c++) {
        const Record *b = &m->right[m->candidates[c]];
        int64_t same = shared(m->left_values + a->start, a->size, m->right_values + b->start, b->size,
                              needed(m, a->size + b->size));
        if (same < 0) continue;
        found[3 * count] = (uint32_t)k;
        found[3 * count + 1] = m->candidates[c];
        found[3 * count++ + 2] = (uint32_t)same;
    }
    return count;
}

PyObject *py_match(PyObject *self, PyObject *args) {
    Buffers b;
    int64_t n[4], count = 0;
    if (!take(&b, args, 13, 0x1C00)) return NULL;
    if (!numbers(args, 13, 4, n)) { release(&b); return NULL; }
    Match m = {BUFFER(0), BUFFER(1), BUFFER(2), BUFFER(3), BUFFER(4), BUFFER(5), BUFFER(6), BUFFER(7), BUFFER(8),
               BUFFER(9), BUFFER(10), BUFFER(11), BUFFER(12), n[0], n[1], n[2], LENGTH(5, uint32_t) - 1};
    int64_t k = n[3], rows = LENGTH(2, Record), room = LENGTH(12, uint32_t) / 3;
    Py_BEGIN_ALLOW_THREADS
    for (; k < rows; k++) {
        int64_t more = match_one(&m, k, m.found + 3 * count, room - count);
        if (more < 0) break;
        count += more;
    }
    if (k < rows) memset(m.seen, 0, (size_t)b.view[10].len);
    Py_END_ALLOW_THREADS
    release(&b);
    return Py_BuildValue("LL", (long long)k, (long long)count);
}

/* ---- signatures(indptr, values, rows, multipliers, offsets, out) ---- */

enum { BLOCK = 32 };

EACH_CPU
static void minima(const uint32_t *hashes, int64_t size, const uint32_t *a, const uint32_t *b, uint32_t *out, int64_t width) {
    for (int64_t from = 0; from < width; from += BLOCK) {
        uint32_t factor[BLOCK] = {0}, offset[BLOCK] = {0}, low[BLOCK];
        int64_t part = least(BLOCK, width - from);
        memcpy(factor, a + from, sizeof(uint32_t) * (size_t)part);
        memcpy(offset, b + from, sizeof(uint32_t) * (size_t)part);
        memset(low, 0xFF, sizeof low);
        for (int64_t i = 0; i < size; i++)
            for (int k = 0; k < BLOCK; k++) {
                uint32_t x = hashes[i] * factor[k] + offset[k];
                low[k] = x < low[k] ? x : low[k];
            }
        memcpy(out + from, low, sizeof(uint32_t) * (size_t)part);
    }
}

static inline uint32_t spread(uint32_t x) {
    x = (x ^ x >> 16) * UINT32_C(0x85EBCA6B);
    x = (x ^ x >> 13) * UINT32_C(0xC2B2AE35);
    return x ^ x >> 16;
}

PyObject *py_signatures(PyObject *self, PyObject *args) {
    Buffers b;
    int64_t largest = 1;
    if (!take(&b, args, 6, 0x20)) return NULL;
    const int64_t *indptr = BUFFER(0), *rows = BUFFER(2), count = LENGTH(2, int64_t), width = LENGTH(3, uint32_t);
    const uint64_t *values = BUFFER(1);
    for (int64_t k = 0; k < count; k++) {
        int64_t size = indptr[rows[k] + 1] - indptr[rows[k]];
        if (size > largest) largest = size;
    }
    uint32_t *hashes = malloc((size_t)largest * sizeof(uint32_t)), *out = BUFFER(5);
    if (hashes) {
        Py_BEGIN_ALLOW_THREADS
        for (int64_t k = 0; k < count; k++) {
            int64_t from = indptr[rows[k]], size = indptr[rows[k] + 1] - from;
            for (int64_t i = 0; i < size; i++) hashes[i] = spread((uint32_t)(values[from + i] >> 32));
            minima(hashes, size, BUFFER(3), BUFFER(4), out + k * width, width);
        }
        Py_END_ALLOW_THREADS
    }
    release(&b);
    if (!hashes) return PyErr_NoMemory();
    free(hashes);
    Py_RETURN_NONE;
}
