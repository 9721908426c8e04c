/* BLAKE2b (RFC 7693) without a key and with a digest of 64 bits: what text/fold.py calls hash64. */

#ifndef CURATE_BLAKE2B_H
#define CURATE_BLAKE2B_H

#include <stdint.h>
#include <string.h>

#define BLOCK_BYTES 128

static const uint64_t BLAKE_IV[8] = {
    UINT64_C(0x6A09E667F3BCC908), UINT64_C(0xBB67AE8584CAA73B), UINT64_C(0x3C6EF372FE94F82B),
    UINT64_C(0xA54FF53A5F1D36F1), UINT64_C(0x510E527FADE682D1), UINT64_C(0x9B05688C2B3E6C1F),
    UINT64_C(0x1F83D9ABFB41BD6B), UINT64_C(0x5BE0CD19137E2179)};

static inline uint64_t rotated(uint64_t x, int by) { return x >> by | x << (64 - by); }

#define MIX(a, b, c, d, x, y)                                                                                         \
    a += b + x; d = rotated(d ^ a, 32); c += d; b = rotated(b ^ c, 24);                                                \
    a += b + y; d = rotated(d ^ a, 16); c += d; b = rotated(b ^ c, 63);

/* A round, with the words of the message in the order of SIGMA (RFC 7693, section 2.7). */
#define ROUND(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, sa, sb, sc, sd, se, sf)                                          \
    MIX(v[0], v[4], v[8], v[12], m[s0], m[s1])                                                                         \
    MIX(v[1], v[5], v[9], v[13], m[s2], m[s3])                                                                         \
    MIX(v[2], v[6], v[10], v[14], m[s4], m[s5])                                                                        \
    MIX(v[3], v[7], v[11], v[15], m[s6], m[s7])                                                                        \
    MIX(v[0], v[5], v[10], v[15], m[s8], m[s9])                                                                        \
    MIX(v[1], v[6], v[11], v[12], m[sa], m[sb])                                                                        \
    MIX(v[2], v[7], v[8], v[13], m[sc], m[sd])                                                                         \
    MIX(v[3], v[4], v[9], v[14], m[se], m[sf])

static void blake_block(uint64_t h[8], const uint8_t *block, uint64_t hashed, int is_last) {
    uint64_t m[16], v[16];
    memcpy(m, block, BLOCK_BYTES); /* little-endian machines only: see rows.c */
    memcpy(v, h, 64);
    memcpy(v + 8, BLAKE_IV, 64);
    v[12] ^= hashed;
    if (is_last) v[14] = ~v[14];
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3)
    ROUND(11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4)
    ROUND(7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8)
    ROUND(9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13)
    ROUND(2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9)
    ROUND(12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11)
    ROUND(13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10)
    ROUND(6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5)
    ROUND(10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0)
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3)
    for (int i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];
}

/* The eight bytes of the digest, read as a big-endian number. */
static uint64_t blake64(const uint8_t *data, int64_t size) {
    uint64_t h[8], out = 0;
    uint8_t last[BLOCK_BYTES] = {0};
    int64_t at = 0;
    memcpy(h, BLAKE_IV, 64);
    h[0] ^= UINT64_C(0x01010000) ^ 8;
    for (; size - at > BLOCK_BYTES; at += BLOCK_BYTES) blake_block(h, data + at, (uint64_t)(at + BLOCK_BYTES), 0);
    if (size) memcpy(last, data + at, (size_t)(size - at));
    blake_block(h, last, (uint64_t)size, 1);
    for (int i = 0; i < 8; i++) out = out << 8 | (h[0] >> 8 * i & 0xFF);
    return out;
}

#endif
