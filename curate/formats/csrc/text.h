/* Strings of JSON: where they end, and what they say. Whatever is not plainly right is left to the reader in Python. */

#ifndef CURATE_TEXT_H
#define CURATE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_MSC_VER)
#include <intrin.h>
static inline int lowest_bit(uint64_t x) { unsigned long at; _BitScanForward64(&at, x); return (int)at; }
#else
static inline int lowest_bit(uint64_t x) { return __builtin_ctzll(x); }
#endif

#define EACH UINT64_C(0x0101010101010101)
#define HIGH (EACH * 0x80)

static inline uint64_t zeros(uint64_t x) { return (x - EACH) & ~x & HIGH; }

/* The first byte from a place on that is a quote, a backslash, a control character or no ASCII; the end if none is. */
static inline const uint8_t *plain_run(const uint8_t *at, const uint8_t *end) {
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        uint64_t odd = zeros(word ^ EACH * '"') | zeros(word ^ EACH * '\\') | ((word - EACH * 0x20) & ~word & HIGH);
        odd |= word & HIGH;
        if (odd) return at + (lowest_bit(odd) >> 3);
    }
    while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\') at++;
    return at;
}

static inline int follows(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* The bytes of the UTF-8 sequence at a place (Unicode, table 3-7), 0 if there is none. */
static inline int sequence(const uint8_t *at, const uint8_t *end) {
    uint8_t lead = *at;
    if (lead >= 0xC2 && lead < 0xE0) return end - at >= 2 && follows(at[1]) ? 2 : 0;
    if (lead >= 0xE0 && lead < 0xF0) {
        if (end - at < 3 || !follows(at[1]) || !follows(at[2])) return 0;
        if ((lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] >= 0xA0)) return 0;
        return 3;
    }
    if (lead >= 0xF0 && lead < 0xF5) {
        if (end - at < 4 || !follows(at[1]) || !follows(at[2]) || !follows(at[3])) return 0;
        if ((lead == 0xF0 && at[1] < 0x90) || (lead == 0xF4 && at[1] >= 0x90)) return 0;
        return 4;
    }
    return 0;
}

/* The closing quote of the string whose content begins at a place, and whether it has escapes; NULL if it is odd. */
static const uint8_t *string_end(const uint8_t *at, const uint8_t *end, int *escaped) {
    *escaped = 0;
    for (;;) {
        at = plain_run(at, end);
        if (at >= end || *at < 0x20) return NULL;
        if (*at == '"') return at;
        if (*at == '\\') {
            if (end - at < 2) return NULL;
            *escaped = 1;
            at += 2;
        } else {
            do {
                int size = sequence(at, end);
                if (!size) return NULL;
                at += size;
            } while (at < end && *at >= 0x80);
        }
    }
}

static inline int hex_value(const uint8_t *at) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t c = at[i], lower = c | 0x20;
        int digit = c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
        if (digit < 0) return -1;
        value = value << 4 | digit;
    }
    return value;
}

static inline uint8_t *put_code(uint8_t *out, uint32_t code) {
    if (code < 0x80) { *out++ = (uint8_t)code; return out; }
    if (code < 0x800) {
        *out++ = (uint8_t)(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *out++ = (uint8_t)(0xE0 | code >> 12);
        } else {
            *out++ = (uint8_t)(0xF0 | code >> 18);
            *out++ = (uint8_t)(0x80 | (code >> 12 & 0x3F));
        }
        *out++ = (uint8_t)(0x80 | (code >> 6 & 0x3F));
    }
    *out++ = (uint8_t)(0x80 | (code & 0x3F));
    return out;
}

/* The code point of the escape behind a backslash, and where the text goes on; -1 for half a pair, or for no escape. */
static inline int32_t escape(const uint8_t **at, const uint8_t *end) {
    uint8_t c = *(*at)++;
    switch (c) {
    case '"': case '\\': case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: return -1;
    }
    if (end - *at < 4) return -1;
    int code = hex_value(*at);
    *at += 4;
    if (code < 0xD800 || code > 0xDFFF) return code;
    if (code > 0xDBFF || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u') return -1;
    int low = hex_value(*at + 2);
    if (low < 0xDC00 || low > 0xDFFF) return -1;
    *at += 6;
    return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
}

/* What a string says. The result is never longer than the string; NULL if an escape is odd. */
static uint8_t *unescaped(const uint8_t *at, const uint8_t *end, uint8_t *out) {
    while (at < end) {
        const uint8_t *stop = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((stop ? stop : end) - at);
        memcpy(out, at, plain);
        out += plain;
        if (!stop) break;
        at = stop + 1;
        int32_t code = escape(&at, end);
        if (code < 0) return NULL;
        out = put_code(out, (uint32_t)code);
    }
    return out;
}

/* A text as orjson writes it, quotes included: never longer than any other way to write it. */
static uint8_t *written(const uint8_t *at, const uint8_t *end, uint8_t *out) {
    static const char HEX[] = "0123456789abcdef", SHORT[] = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";
    *out++ = '"';
    for (; at < end; at++) {
        if (*at == '"' || *at == '\\') {
            *out++ = '\\';
            *out++ = *at;
        } else if (*at < 0x20) {
            *out++ = '\\';
            *out++ = (uint8_t)SHORT[*at];
            if (SHORT[*at] == 'u') {
                *out++ = '0';
                *out++ = '0';
                *out++ = (uint8_t)HEX[*at >> 4];
                *out++ = (uint8_t)HEX[*at & 15];
            }
        } else {
            *out++ = *at;
        }
    }
    *out++ = '"';
    return out;
}

/* Whether a text may be JSON, or begins with white space (str.isspace): `recall.shape_of` gives it no shape. */
static int may_be_json(const uint8_t *at, int64_t size) {
    uint8_t a = at[0];
    if (a < 0x80) return a == '[' || a == '{' || a == ' ' || (a >= 9 && a <= 13) || (a >= 0x1C && a <= 0x1F);
    if (a == 0xC2) return at[1] == 0x85 || at[1] == 0xA0;
    if (size < 3) return 0;
    if (a == 0xE1) return at[1] == 0x9A && at[2] == 0x80;
    if (a == 0xE2) {
        if (at[1] == 0x80) return at[2] <= 0x8A || at[2] == 0xA8 || at[2] == 0xA9 || at[2] == 0xAF;
        return at[1] == 0x81 && at[2] == 0x9F;
    }
    return a == 0xE3 && at[1] == 0x80 && at[2] == 0x80;
}

#endif
