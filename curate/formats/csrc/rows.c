/* JSON lines that are flat objects of texts, numbers and nulls, read in place. What a row is, is defined in json_row.py
   and recall.py; a line that is anything else, or odd in any way, gets the shape -1 and is read there. Texts become
   views of Arrow (arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout) into the chunk itself or,
   where they have escapes, into a buffer beside it. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

#include "blake2b.h"
#include "text.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "views and hashes are defined on little-endian words"
#endif

#define MOST_MEMBERS 64
#define MOST_SHAPES 64
#define INLINE 12
enum { BLOB, SIDE };                                                  /* the buffers of views */
enum { TEXT = 'S', EMPTY = 'E', INTEGER = 'I', DECIMAL = 'F', CONSTANT }; /* null, true and false: their first letter */

typedef struct { int32_t size; uint8_t head[4]; int32_t buffer, offset; } View;
typedef struct { const uint8_t *key, *value; int32_t key_size, value_size; uint8_t kind, escaped; } Member;
typedef struct { int32_t count; uint8_t order[MOST_MEMBERS]; Member members[MOST_MEMBERS]; } Shape;

typedef struct {
    const uint8_t *blob;
    uint8_t *side, *canon; /* room as large as the blob */
    int64_t side_used;
    View *views;
    int64_t count, room;
    Shape *shapes;
    int32_t shape_count, last;
} Reader;

static inline const uint8_t *spaces(const uint8_t *at, const uint8_t *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
    return at;
}

static inline int is_digit(const uint8_t *at, const uint8_t *end) { return at < end && *at >= '0' && *at <= '9'; }

/* A number without an exponent; a whole one has at most 18 digits and is no negative zero. NULL for any other. */
static const uint8_t *number(const uint8_t *at, const uint8_t *end, Member *m) {
    const uint8_t *start = at;
    if (*at == '-') at++;
    const uint8_t *digits = at;
    if (!is_digit(at, end)) return NULL;
    while (is_digit(at, end)) at++;
    if (*digits == '0' && at - digits > 1) return NULL;
    m->kind = INTEGER;
    if (at < end && *at == '.') {
        m->kind = DECIMAL;
        if (!is_digit(++at, end)) return NULL;
        while (is_digit(at, end)) at++;
        if (at - digits > 250) return NULL;
    } else if (at - digits > 18 || (digits > start && *digits == '0')) {
        return NULL;
    }
    if (at < end && (*at == 'e' || *at == 'E')) return NULL;
    m->value = start;
    m->value_size = (int32_t)(at - start);
    return at;
}

static const uint8_t *value(const uint8_t *at, const uint8_t *end, Member *m) {
    int escaped = 0;
    m->escaped = 0;
    m->value = at;
    if (*at == '"') {
        const uint8_t *close = string_end(at + 1, end, &escaped);
        if (!close) return NULL;
        m->value = at + 1;
        m->value_size = (int32_t)(close - at - 1);
        m->escaped = (uint8_t)escaped;
        m->kind = m->value_size ? TEXT : EMPTY;
        return close + 1;
    }
    if (*at == '-' || is_digit(at, end)) return number(at, end, m);
    const char *word = *at == 'n' ? "null" : *at == 't' ? "true" : "false";
    size_t size = strlen(word);
    if ((size_t)(end - at) < size || memcmp(at, word, size)) return NULL;
    m->kind = *at;
    m->value_size = (int32_t)size;
    return at + size;
}

/* The members of the object that a line is, in their order; their number, or -1. */
static int members(const uint8_t *at, const uint8_t *end, Member *out) {
    int count = 0, escaped;
    at = spaces(at, end);
    if (at >= end || *at != '{') return -1;
    do {
        Member *m = out + count;
        at = spaces(at + 1, end);
        if (count == MOST_MEMBERS || at >= end || *at != '"') return -1;
        const uint8_t *close = string_end(at + 1, end, &escaped);
        if (!close || escaped) return -1;
        m->key = at + 1;
        m->key_size = (int32_t)(close - at - 1);
        at = spaces(close + 1, end);
        if (at >= end || *at != ':') return -1;
        at = spaces(at + 1, end);
        if (at >= end || !(at = value(at, end, m))) return -1;
        at = spaces(at, end);
        count++;
    } while (at < end && *at == ',');
    if (at >= end || *at != '}') return -1;
    return spaces(at + 1, end) == end ? count : -1;
}

/* ---- shapes: the keys in their order, and the kinds of their values ---- */

static int has_shape(const Shape *shape, const Member *found, int count) {
    if (shape->count != count) return 0;
    for (int i = 0; i < count; i++) {
        const Member *a = shape->members + i, *b = found + i;
        if (a->kind != b->kind || a->key_size != b->key_size || memcmp(a->key, b->key, (size_t)a->key_size)) return 0;
    }
    return 1;
}

static int comes_before(const Member *a, const Member *b) {
    int32_t size = a->key_size < b->key_size ? a->key_size : b->key_size;
    int order = memcmp(a->key, b->key, (size_t)size);
    return order ? order < 0 : a->key_size < b->key_size;
}

/* The number of the shape of some members; -1 if there are too many shapes. */
static int32_t shape_of(Reader *r, const Member *found, int count) {
    if (r->shape_count && has_shape(r->shapes + r->last, found, count)) return r->last;
    for (int32_t i = 0; i < r->shape_count; i++)
        if (has_shape(r->shapes + i, found, count)) return r->last = i;
    if (r->shape_count == MOST_SHAPES) return -1;
    Shape *shape = r->shapes + r->shape_count;
    shape->count = count;
    memcpy(shape->members, found, (size_t)count * sizeof(Member));
    for (int i = 0; i < count; i++) {
        int at = i;
        for (; at && comes_before(found + i, found + shape->order[at - 1]); at--) shape->order[at] = shape->order[at - 1];
        shape->order[at] = (uint8_t)i;
    }
    return r->last = r->shape_count++;
}

/* ---- what is kept of a row ---- */

static View view_of(const uint8_t *data, int64_t size, int buffer, const uint8_t *base) {
    View view = {(int32_t)size, {0}, 0, 0};
    if (size <= INLINE) {
        memcpy(view.head, data, (size_t)size);
    } else {
        memcpy(view.head, data, 4);
        view.buffer = buffer;
        view.offset = (int32_t)(data - base);
    }
    return view;
}

static int grow(Reader *r, int count) {
    if (r->count + count <= r->room) return 0;
    int64_t room = 2 * r->room + count;
    View *views = realloc(r->views, (size_t)room * sizeof(View));
    if (!views) return -1;
    r->views = views;
    r->room = room;
    return 0;
}

/* A view for each member. Escaped texts are written beside the blob; 0 if one of them, or its beginning, is odd. */
static int keep(Reader *r, Member *found, int count) {
    int64_t used = r->side_used;
    for (int i = 0; i < count; i++) {
        Member *m = found + i;
        int buffer = BLOB;
        if (m->escaped) {
            uint8_t *start = r->side + used, *end = unescaped(m->value, m->value + m->value_size, start);
            if (!end) return 0;
            used = end - r->side;
            m->value = start;
            m->value_size = (int32_t)(end - start);
            buffer = SIDE;
        }
        if (m->kind == TEXT && may_be_json(m->value, m->value_size)) return 0;
        r->views[r->count + i] = view_of(m->value, m->value_size, buffer, buffer == SIDE ? r->side : r->blob);
    }
    r->side_used = used;
    return 1;
}

/* The hash of the row's canonical content, JSON with sorted keys; 0 for a row with a decimal number. */
static uint64_t content_hash(Reader *r, const Shape *shape, const Member *found) {
    uint8_t *out = r->canon;
    for (int i = 0; i < shape->count; i++) {
        const Member *m = found + shape->order[i];
        if (m->kind == DECIMAL) return 0;
        *out++ = i ? ',' : '{';
        out = written(m->key, m->key + m->key_size, out);
        *out++ = ':';
        if (m->escaped) {
            out = written(m->value, m->value + m->value_size, out);
        } else {
            int quote = m->kind == TEXT || m->kind == EMPTY;
            memcpy(out, m->value - quote, (size_t)(m->value_size + 2 * quote));
            out += m->value_size + 2 * quote;
        }
    }
    *out++ = '}';
    return blake64(r->canon, out - r->canon);
}

static int32_t take(Reader *r, const uint8_t *at, const uint8_t *end, uint64_t *hash) {
    Member found[MOST_MEMBERS];
    int count = members(at, end, found);
    if (count < 1) return -1;
    if (grow(r, count)) return -2;
    int32_t shape = shape_of(r, found, count);
    if (shape < 0 || !keep(r, found, count)) return -1;
    *hash = content_hash(r, r->shapes + shape, found);
    r->count += count;
    return shape;
}

static int each_row(Reader *r, int64_t rows, const int64_t *starts, const int64_t *ends, int32_t *shapes,
                    int64_t *firsts, uint64_t *hashes, View *raws) {
    for (int64_t row = 0; row < rows; row++) {
        const uint8_t *at = r->blob + starts[row], *end = r->blob + ends[row];
        raws[row] = view_of(at, end - at, BLOB, r->blob);
        firsts[row] = r->count;
        hashes[row] = 0;
        shapes[row] = take(r, at, end, hashes + row);
        if (shapes[row] == -2) return -1;
    }
    return 0;
}

/* rows(blob, starts, ends, shapes, firsts, hashes, raws): (views of all members, what their escapes say). */
PyObject *py_rows(PyObject *self, PyObject *args) {
    Py_buffer blob, starts, ends, shapes, firsts, hashes, raws;
    if (!PyArg_ParseTuple(args, "y*y*y*w*w*w*w*", &blob, &starts, &ends, &shapes, &firsts, &hashes, &raws)) return NULL;
    Reader r = {blob.buf, malloc((size_t)blob.len + 1), malloc((size_t)blob.len + 1), 0, NULL, 0, 0, NULL, 0, 0};
    PyObject *made = NULL;
    r.shapes = malloc(MOST_SHAPES * sizeof(Shape));
    int failed = !r.side || !r.canon || !r.shapes;
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS
        failed = each_row(&r, starts.len / 8, starts.buf, ends.buf, shapes.buf, firsts.buf, hashes.buf, raws.buf);
        Py_END_ALLOW_THREADS
    }
    if (failed) PyErr_NoMemory();
    else made = Py_BuildValue("(y#y#)", r.views ? (const char *)r.views : "", (Py_ssize_t)(r.count * sizeof(View)),
                              (const char *)r.side, (Py_ssize_t)r.side_used);
    free(r.side);
    free(r.canon);
    free(r.shapes);
    free(r.views);
    Py_buffer *buffers[] = {&blob, &starts, &ends, &shapes, &firsts, &hashes, &raws};
    for (int i = 0; i < 7; i++) PyBuffer_Release(buffers[i]);
    return made;
}

/* lines(blob, start, line, places): the start, end and number of each line that is not blank; their count. */
PyObject *py_lines(PyObject *self, PyObject *args) {
    Py_buffer blob, places;
    long long start, line;
    if (!PyArg_ParseTuple(args, "y*LLw*", &blob, &start, &line, &places)) return NULL;
    const uint8_t *base = blob.buf, *at = base + start, *end = base + blob.len;
    int64_t *out = places.buf, count = 0, room = places.len / 24;
    for (; at < end; line++) {
        const uint8_t *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end, *text = at;
        if (stop > at && stop[-1] == '\r') stop--;
        while (text < stop && (*text == ' ' || (*text >= 9 && *text <= 13))) text++;
        if (text < stop && count < room) {
            out[3 * count] = at - base;
            out[3 * count + 1] = stop - base;
            out[3 * count + 2] = line;
        }
        count += text < stop;
        at = newline ? newline + 1 : end;
    }
    PyBuffer_Release(&blob);
    PyBuffer_Release(&places);
    return PyLong_FromLongLong(count);
}
