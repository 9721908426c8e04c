/* Texts to tokens and shingles, as words.py defines them. Texts are read in place from Arrow arrays. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arrow.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "hashes are defined on little-endian words"
#endif

#if defined(_MSC_VER)
#include <intrin.h>
static inline int lowest_bit(uint64_t x) { unsigned long at; _BitScanForward64(&at, x); return (int)at; }
static inline int highest_bit(uint64_t x) { unsigned long at; _BitScanReverse64(&at, x); return (int)at; }
#else
static inline int lowest_bit(uint64_t x) { return __builtin_ctzll(x); }
static inline int highest_bit(uint64_t x) { return 63 - __builtin_clzll(x); }
#endif

/* ---- constants of words.py ---- */

#define TOKEN_SEED UINT64_C(0x2545F4914F6CDD1D)
#define TOKEN_FACTOR UINT64_C(0x9FB21C651E98DF25)
#define LENGTH_FACTOR UINT64_C(0xD6E8FEB86659FD93)
#define ROLL_FACTOR UINT64_C(0xA0761D6478BD642F)
#define COUNT_STEP UINT64_C(0x9E3779B97F4A7C15)
#define LONGEST_GRAM 64
#define TABLE_SIZE 0x40000
#define KIND_SHIFT 24
enum { SEPARATES, WORD, ALONE, SYMBOL };

static inline uint64_t mixed(uint64_t x) {
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

typedef struct { const uint8_t *data; int64_t size; } Text;

/* A row of a string view (vu), large string (U) or string (u) array, without a copy; null is the empty text. */
static Text text_at(const struct ArrowArray *array, char format, int64_t row) {
    Text text = {(const uint8_t *)"", 0};
    row += array->offset;
    const uint8_t *valid = array->buffers[0];
    if (valid && !(valid[row >> 3] >> (row & 7) & 1)) return text;
    if (format == 'v') {
        const uint8_t *view = (const uint8_t *)array->buffers[1] + 16 * row;
        int32_t size, place[2];
        memcpy(&size, view, 4);
        memcpy(place, view + 8, 8);
        text.size = size;
        text.data = size <= 12 ? view + 4 : (const uint8_t *)array->buffers[2 + place[0]] + place[1];
    } else if (format == 'U') {
        const int64_t *offsets = array->buffers[1];
        text.data = (const uint8_t *)array->buffers[2] + offsets[row];
        text.size = offsets[row + 1] - offsets[row];
    } else {
        const int32_t *offsets = array->buffers[1];
        text.data = (const uint8_t *)array->buffers[2] + offsets[row];
        text.size = offsets[row + 1] - offsets[row];
    }
    return text;
}

/* ---- tokens ---- */

typedef struct {
    const uint8_t *start, *at, *end;
    const uint32_t *table; /* a code point's folded form, and its kind from bit KIND_SHIFT on */
    int64_t continuation;  /* continuation bytes before `at`: what tells characters from bytes */
    uint64_t state, tail;  /* of the token's hash: full words, and the bytes that are not yet one */
    int64_t length;        /* bytes of the folded token */
} Scanner;

typedef struct { uint64_t hash; int64_t start, end; } Token;

static inline void put(Scanner *s, uint8_t byte) {
    s->tail |= (uint64_t)byte << 8 * (s->length & 7);
    if (!(++s->length & 7)) {
        s->state = (s->state ^ s->tail) * TOKEN_FACTOR;
        s->state ^= s->state >> 32;
        s->tail = 0;
    }
}

static void put_code(Scanner *s, uint32_t code) {
    if (code < 0x80) { put(s, (uint8_t)code); return; }
    if (code < 0x800) {
        put(s, (uint8_t)(0xC0 | code >> 6));
    } else {
        if (code < 0x10000) {
            put(s, (uint8_t)(0xE0 | code >> 12));
        } else {
            put(s, (uint8_t)(0xF0 | code >> 18));
            put(s, (uint8_t)(0x80 | (code >> 12 & 0x3F)));
        }
        put(s, (uint8_t)(0x80 | (code >> 6 & 0x3F)));
    }
    put(s, (uint8_t)(0x80 | (code & 0x3F)));
}

static inline uint64_t token_hash(const Scanner *s) {
    uint64_t state = s->state;
    if (s->length & 7) {
        state = (state ^ s->tail) * TOKEN_FACTOR;
        state ^= state >> 32;
    }
    return state ^ (uint64_t)s->length * LENGTH_FACTOR;
}

/* The character at a place of valid UTF-8, and its bytes; a line feed beyond the end. */
static inline uint32_t char_at(const Scanner *s, const uint8_t *at, int *bytes) {
    *bytes = 1;
    if (at >= s->end) return '\n';
    uint32_t lead = *at;
    if (lead < 0x80) return lead;
    if (lead < 0xE0) { *bytes = 2; return (lead & 0x1F) << 6 | (at[1] & 0x3F); }
    if (lead < 0xF0) { *bytes = 3; return (lead & 0x0F) << 12 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F); }
    *bytes = 4;
    return (lead & 0x07) << 18 | (uint32_t)(at[1] & 0x3F) << 12 | (uint32_t)(at[2] & 0x3F) << 6 | (at[3] & 0x3F);
}

static inline uint32_t char_before(const Scanner *s, const uint8_t *at) {
    int bytes;
    if (at == s->start) return '\n';
    do at--; while ((*at & 0xC0) == 0x80);
    return char_at(s, at, &bytes);
}

static inline int kind_of(const Scanner *s, uint32_t code) {
    return code < TABLE_SIZE ? (int)(s->table[code] >> KIND_SHIFT) : SEPARATES;
}

static inline int word_follows(const Scanner *s, const uint8_t *at) {
    int bytes;
    return kind_of(s, char_at(s, at, &bytes)) == WORD;
}

static inline uint8_t byte_at(const Scanner *s, const uint8_t *at) { return at < s->end ? *at : '\n'; }

static inline uint64_t load_word(const uint8_t *at, const uint8_t *end) {
    uint64_t word = 0;
    if (end - at >= 8) {
        memcpy(&word, at, 8);
    } else {
        for (int64_t i = 0, size = end - at; i < size; i++) word |= (uint64_t)at[i] << 8 * i;
    }
    return word;
}

/* Up to eight ASCII letters, digits and `_` at the place, folded; their number is returned. */
static inline int ascii_run(const uint8_t *at, const uint8_t *end, uint64_t *folded) {
    const uint64_t each = UINT64_C(0x0101010101010101), high = each * 0x80;
    uint64_t bytes = load_word(at, end), low = bytes & ~high, lower = low | each * 0x20;
    uint64_t letters = (lower + each * (0x80 - 'a')) & ~(lower + each * (0x80 - 'z' - 1));
    uint64_t digits = (low + each * (0x80 - '0')) & ~(low + each * (0x80 - '9' - 1));
    uint64_t underscores = ~((low ^ each * '_') + each * 0x7F);
    uint64_t out = ~(letters | digits | underscores) & high;
    out |= bytes & high;
    *folded = bytes | (letters & high) >> 2;
    if (!out) return 8;
    int count = lowest_bit(out) >> 3;
    *folded &= (UINT64_C(1) << 8 * count) - 1;
    return count;
}

/* Take word characters as long as they follow. */
static inline void word_run(Scanner *s) {
    for (;;) {
        uint64_t folded;
        if (!(s->length & 7)) {
            int count = ascii_run(s->at, s->end, &folded);
            s->at += count;
            s->length += count;
            if (count == 8) {
                s->state = (s->state ^ folded) * TOKEN_FACTOR;
                s->state ^= s->state >> 32;
                continue;
            }
            s->tail = folded;
        }
        int bytes;
        uint32_t code = char_at(s, s->at, &bytes);
        if (kind_of(s, code) != WORD) return;
        put_code(s, s->table[code] & 0xFFFFFF);
        s->at += bytes;
        s->continuation += bytes - 1;
    }
}

static inline void rest_of_word(Scanner *s) {
    for (;;) {
        word_run(s);
        uint8_t here = byte_at(s, s->at), next = byte_at(s, s->at + 1);
        int is_dot = here == '.' && word_follows(s, s->at + 1);
        if (here == '#' && next != '#' && !word_follows(s, s->at + 1)) {
            put(s, *s->at++);
        } else if (here == '+' && next == '+' && byte_at(s, s->at + 2) != '+' && !word_follows(s, s->at + 2)) {
            put(s, *s->at++);
            put(s, *s->at++);
        } else if (!is_dot) {
            return;
        }
        if (!is_dot) is_dot = byte_at(s, s->at) == '.' && word_follows(s, s->at + 1);
        if (!is_dot) return;
        put(s, *s->at++);
    }
}

static inline int is_sign(const Scanner *s, const uint8_t *at) {
    uint8_t next = byte_at(s, at + 1);
    if (*at != '-' || next < '0' || next > '9') return 0;
    uint32_t before = char_before(s, at);
    return kind_of(s, before) != WORD && before != '-' && before != ')' && before != ']';
}

/* Whether an operator stands at a place that no word has taken; its bytes. */
static int operator_at(const Scanner *s, const uint8_t *at) {
    int bytes;
    uint32_t code = char_at(s, at, &bytes);
    if (at >= s->end) return 0;
    if (kind_of(s, code) == SYMBOL) return bytes;
    if (code != '!' && code != ':' && code != '-') return 0;
    if (is_sign(s, at)) return 0;
    uint8_t next = byte_at(s, at + 1);
    if (next == '=' || next == '>') return 1;
    if (code == ':') return 0;
    uint32_t before = char_before(s, at);
    if (code == '-') return before == '<';
    return (next == '(' || word_follows(s, at + 1)) && kind_of(s, before) != WORD && before != '!';
}

/* Whether an ASCII word surely ends before these two bytes: most do, and need no further look. */
static inline int ends_plainly(uint8_t here, uint8_t next) {
    return here == ' ' || here == ',' || here == '\n' || here == ')' || here == '"' || (here == '.' && next == ' ');
}

/* The next token; 0 at the end of the text. */
static inline int next_token(Scanner *s, Token *token) {
    while (s->at < s->end) {
        int bytes, size;
        if (*s->at == ' ') { s->at++; continue; }
        if (s->end - s->at > 9) {
            uint64_t folded, state;
            int count = ascii_run(s->at, s->end, &folded);
            if (count && count < 8 && ends_plainly(s->at[count], s->at[count + 1])) {
                state = (TOKEN_SEED ^ folded) * TOKEN_FACTOR;
                token->hash = state ^ state >> 32 ^ (uint64_t)count * LENGTH_FACTOR;
                token->start = (s->at - s->start) - s->continuation;
                token->end = token->start + count;
                s->at += count;
                return 1;
            }
        }
        uint32_t code = char_at(s, s->at, &bytes);
        int kind = kind_of(s, code);
        s->state = TOKEN_SEED;
        s->tail = 0;
        s->length = 0;
        token->start = (s->at - s->start) - s->continuation;
        if (kind == WORD) {
            rest_of_word(s);
        } else if (kind == ALONE) {
            put_code(s, code);
            s->at += bytes;
            s->continuation += bytes - 1;
        } else if (code == '.' && word_follows(s, s->at + 1) && char_before(s, s->at) != '.') {
            put(s, *s->at++);
            rest_of_word(s);
        } else if (code == '-' && is_sign(s, s->at)) {
            put(s, *s->at++);
            rest_of_word(s);
        } else if ((kind == SYMBOL || code == '!' || code == ':' || code == '-') && operator_at(s, s->at)) {
            while ((size = operator_at(s, s->at))) {
                for (int i = 0; i < size; i++) put(s, s->at[i]);
                s->at += size;
                s->continuation += size - 1;
            }
        } else {
            s->at += bytes;
            s->continuation += bytes - 1;
            continue;
        }
        token->hash = token_hash(s);
        token->end = (s->at - s->start) - s->continuation;
        return 1;
    }
    return 0;
}

/* ---- sorting hashes, which are uniform ---- */

static void insertion_sort(uint64_t *a, int64_t size) {
    for (int64_t i = 1; i < size; i++) {
        uint64_t x = a[i];
        int64_t j = i;
        for (; j && a[j - 1] > x; j--) a[j] = a[j - 1];
        a[j] = x;
    }
}

/* Distribute by the bits below `bits`, about one value a bucket, and sort what is left; `room` holds as many. */
static void sort_hashes(uint64_t *a, int64_t size, uint64_t *room, int bits) {
    enum { MOST = 11 };
    if (size <= 24 || bits <= 0) { insertion_sort(a, size); return; }
    uint32_t starts[(1 << MOST) + 1];
    int width = highest_bit((uint64_t)size) + 1;
    if (width > MOST) width = MOST;
    if (width > bits) width = bits;
    int shift = bits - width;
    uint64_t mask = (UINT64_C(1) << width) - 1;
    memset(starts, 0, sizeof(uint32_t) * (mask + 2));
    for (int64_t i = 0; i < size; i++) starts[(a[i] >> shift & mask) + 1]++;
    for (uint64_t b = 0; b < mask; b++) starts[b + 1] += starts[b];
    for (int64_t i = 0; i < size; i++) room[starts[a[i] >> shift & mask]++] = a[i];
    memcpy(a, room, sizeof(uint64_t) * (size_t)size);
    if (size <= 4 << MOST) { insertion_sort(a, size); return; }
    for (uint64_t b = 0, from = 0; b <= mask; from = starts[b++])
        sort_hashes(a + from, (int64_t)(starts[b] - from), room, shift);
}

static int64_t sorted_set(uint64_t *a, int64_t size, uint64_t *room) {
    int64_t kept = 0;
    sort_hashes(a, size, room, 64);
    for (int64_t i = 0; i < size; i++)
        if (!kept || a[kept - 1] != a[i]) a[kept++] = a[i];
    return kept;
}

/* ---- kernels over texts ---- */

#define SEEN 1024
typedef struct {
    const uint32_t *table;
    int n;
    int64_t row, count, limit;
    int64_t *indptr, *starts, *ends;
    uint64_t *values, *room;
    int64_t room_size;
    const uint64_t *listed, *seen; /* sorted hashes, and a bit for the last bits of each */
    int64_t listed_size, spaced;
} Output;

/* Whether a hash is among the listed ones; their last bits spare nearly all the search. */
static int is_listed(const Output *out, uint64_t hash) {
    int64_t low = 0, high = out->listed_size;
    if (!(out->seen[hash >> 6 & (SEEN - 1)] >> (hash & 63) & 1)) return 0;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (out->listed[middle] < hash) low = middle + 1;
        else high = middle;
    }
    return low < out->listed_size && out->listed[low] == hash;
}

static int take_tokens(Output *out, Text text) {
    Scanner s = {text.data, text.data, text.data + text.size, out->table, 0, 0, 0, 0};
    Token token;
    if (out->limit - out->count < text.size) return -1;
    while (next_token(&s, &token)) {
        out->values[out->count] = token.hash;
        out->starts[out->count] = token.start;
        out->ends[out->count++] = token.end;
    }
    return 0;
}

static int take_shingles(Output *out, Text text) {
    Scanner s = {text.data, text.data, text.data + text.size, out->table, 0, 0, 0, 0};
    uint64_t ring[LONGEST_GRAM], state = 0, leaving = 1, *values = out->values + out->count;
    int64_t seen = 0, count = 0;
    int at = 0;
    Token token;
    if (out->limit - out->count < text.size) return -1;
    if (out->room_size < text.size) {
        uint64_t *room = realloc(out->room, sizeof(uint64_t) * (size_t)(text.size * 2));
        if (!room) return -2;
        out->room = room;
        out->room_size = text.size * 2;
    }
    for (int i = 0; i < out->n; i++) leaving *= ROLL_FACTOR;
    while (next_token(&s, &token)) {
        state = state * ROLL_FACTOR + token.hash;
        if (seen >= out->n) state -= ring[at] * leaving;
        ring[at] = token.hash;
        if (++at == out->n) at = 0;
        if (++seen >= out->n) values[count++] = mixed(state + (uint64_t)out->n * COUNT_STEP);
    }
    if (seen && seen < out->n) values[count++] = mixed(state + (uint64_t)seen * COUNT_STEP);
    out->count += sorted_set(values, count, out->room);
    return 0;
}

/* The sum of the hashes of the tokens that are long, or of all where they are short on average, less the listed ones. */
static int take_block(Output *out, Text text) {
    Scanner s = {text.data, text.data, text.data + text.size, out->table, 0, 0, 0, 0};
    uint64_t all = 0, long_ones = 0;
    int64_t total = 0, count = 0;
    Token token;
    while (next_token(&s, &token)) {
        total += token.end - token.start;
        count++;
        if (is_listed(out, token.hash)) continue;
        all += token.hash;
        if (token.end - token.start >= out->n) long_ones += token.hash;
    }
    out->count = (int64_t)(total < out->spaced * count ? all : long_ones);
    return 0;
}

typedef int (*Take)(Output *, Text);

static int each_text(struct ArrowArrayStream *stream, char format, Output *out, int64_t rows, Take take) {
    int status = 0;
    struct ArrowArray array;
    while (!status) {
        if (stream->get_next(stream, &array)) return -3;
        if (!array.release) return out->row == rows ? 0 : -1;
        if (rows - out->row < array.length) status = -1;
        Py_BEGIN_ALLOW_THREADS
        for (int64_t row = 0; !status && row < array.length; row++) {
            status = take(out, text_at(&array, format, row));
            out->indptr[++out->row] = out->count;
        }
        Py_END_ALLOW_THREADS
        array.release(&array);
    }
    return status;
}

/* Run over an exported Arrow stream of texts; the count of values, or NULL with an error set. */
static PyObject *run_texts(PyObject *capsule, Output *out, int64_t rows, Take take) {
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    struct ArrowSchema schema;
    if (!stream) return NULL;
    if (stream->get_schema(stream, &schema)) return PyErr_Format(PyExc_ValueError, "the Arrow stream has no schema");
    char format = !strcmp(schema.format, "vu") ? 'v' : !strcmp(schema.format, "U") ? 'U' : 0;
    if (!strcmp(schema.format, "u")) format = 'u';
    if (schema.release) schema.release(&schema);
    if (!format) return PyErr_Format(PyExc_TypeError, "the Arrow stream holds no texts");
    int status = each_text(stream, format, out, rows, take);
    if (status == -2) return PyErr_NoMemory();
    if (status) return PyErr_Format(PyExc_ValueError, "texts do not fit the buffers, or could not be read");
    return PyLong_FromLongLong(out->count);
}

PyObject *py_tokens(PyObject *self, PyObject *args) {
    PyObject *capsule;
    Py_buffer table, indptr, values, starts, ends;
    if (!PyArg_ParseTuple(args, "Oy*w*w*w*w*", &capsule, &table, &indptr, &values, &starts, &ends)) return NULL;
    Output out = {table.buf, 0, 0, 0, values.len / 8, indptr.buf, starts.buf, ends.buf, values.buf, NULL, 0, NULL, NULL, 0, 0};
    PyObject *count = run_texts(capsule, &out, indptr.len / 8 - 1, take_tokens);
    PyBuffer_Release(&table);
    PyBuffer_Release(&indptr);
    PyBuffer_Release(&values);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    return count;
}

PyObject *py_shingles(PyObject *self, PyObject *args) {
    PyObject *capsule;
    Py_buffer table, indptr, values;
    int n;
    if (!PyArg_ParseTuple(args, "Oiy*w*w*", &capsule, &n, &table, &indptr, &values)) return NULL;
    PyObject *count = NULL;
    if (n < 1 || n > LONGEST_GRAM) {
        PyErr_Format(PyExc_ValueError, "n must lie between 1 and %d", LONGEST_GRAM);
    } else {
        Output out = {table.buf, n, 0, 0, values.len / 8, indptr.buf, NULL, NULL, values.buf, NULL, 0, NULL, NULL, 0, 0};
        count = run_texts(capsule, &out, indptr.len / 8 - 1, take_shingles);
        free(out.room);
    }
    PyBuffer_Release(&table);
    PyBuffer_Release(&indptr);
    PyBuffer_Release(&values);
    return count;
}

/* blocks(texts, table, long, spaced, listed, out): the block of each text behind a first number that means nothing. */
PyObject *py_blocks(PyObject *self, PyObject *args) {
    PyObject *capsule;
    Py_buffer table, listed, blocks;
    int least, spaced;
    if (!PyArg_ParseTuple(args, "Oy*iiy*w*", &capsule, &table, &least, &spaced, &listed, &blocks)) return NULL;
    uint64_t seen[SEEN] = {0};
    Output out = {.table = table.buf, .n = least, .indptr = blocks.buf, .spaced = spaced, .seen = seen, .listed = listed.buf};
    out.listed_size = listed.len / 8;
    for (int64_t i = 0; i < out.listed_size; i++) seen[out.listed[i] >> 6 & (SEEN - 1)] |= UINT64_C(1) << (out.listed[i] & 63);
    PyObject *done = run_texts(capsule, &out, blocks.len / 8 - 1, take_block);
    PyBuffer_Release(&table);
    PyBuffer_Release(&listed);
    PyBuffer_Release(&blocks);
    return done;
}
