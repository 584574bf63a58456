#include "blocks.h"

#include <string.h>

static size_t smaller(size_t left, size_t right) { return left < right ? left : right; }

void ccrypto_sha256_update_copying(SHA256_CTX *context, const void *bytes, size_t count, void *copy) {
    /* What is hashed right after it was copied is still in the nearest cache. */
    enum { portion = 16 << 10 };
    const uint8_t *from = bytes;
    uint8_t *to = copy;
    while (to && count > 0) {
        size_t part = smaller(count, portion);
        memcpy(to, from, part);
        SHA256_Update(context, from, part);
        from += part, to += part, count -= part;
    }
    SHA256_Update(context, from, count);
}

static void update_plainly(
    SHA256_CTX *first, SHA256_CTX *second, const uint8_t *bytes, size_t count,
    SHA256_CTX *third, const uint8_t *others, size_t other_count, uint8_t *copy
) {
    SHA256_Update(first, bytes, count);
    if (second) SHA256_Update(second, bytes, count);
    if (third) ccrypto_sha256_update_copying(third, others, other_count, copy);
}

/* How many of so many bytes bring the context to the border of a block. */
static size_t lead(const SHA256_CTX *context, size_t count) { return smaller((64 - context->num) % 64, count); }

void ccrypto_sha256_update_together(
    SHA256_CTX *first, SHA256_CTX *second, const void *bytes, size_t count,
    SHA256_CTX *third, const void *others, size_t other_count, void *copy
) {
    const uint8_t *left = bytes, *right = others;
    uint8_t *to = copy;
    if (ccrypto_sha256_takes_turns()) {
        size_t start = lead(first, count), other_start = third ? lead(third, other_count) : 0;
        update_plainly(first, second, left, start, third, right, other_start, to);
        left += start, count -= start, right += other_start, other_count -= other_start;
        if (to) to += other_start;
        int at_border = first->num == 0 && (!second || second->num == 0);
        size_t shared = at_border && third && third->num == 0 ? smaller(count, other_count) / 64 : 0;
        if (shared > 0) ccrypto_blocks(first, second, left, third, right, to, shared);
        left += 64 * shared, count -= 64 * shared, right += 64 * shared, other_count -= 64 * shared;
        if (to) to += 64 * shared;
        size_t rest = at_border && second ? count / 64 : 0;
        if (rest > 0) ccrypto_blocks(first, second, left, NULL, NULL, NULL, rest);
        left += 64 * rest, count -= 64 * rest;
    }
    update_plainly(first, second, left, count, third, right, other_count, to);
}
