#include "blocks.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#include <string.h>

#define WITH_SHA __attribute__((target("sha,sse4.1")))

/* FIPS 180-4, section 4.2.2. */
static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The eight words in the order in which the instructions want them. */
typedef struct {
    __m128i abef, cdgh;
} words;

WITH_SHA static inline words load(const SHA256_CTX *context) {
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)context->h), 0xB1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(context->h + 4)), 0x1B);
    return (words){_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xF0)};
}

WITH_SHA static inline void store(SHA256_CTX *context, words state, size_t blocks) {
    __m128i low = _mm_shuffle_epi32(state.abef, 0x1B);
    __m128i high = _mm_shuffle_epi32(state.cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)context->h, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(context->h + 4), _mm_alignr_epi8(high, low, 8));
    uint64_t bits = ((uint64_t)context->Nh << 32 | context->Nl) + ((uint64_t)blocks << 9);
    context->Nl = (SHA_LONG)bits;
    context->Nh = (SHA_LONG)(bits >> 32);
}

WITH_SHA static inline words four_rounds(words state, __m128i input) {
    state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, input);
    state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(input, 0x0E));
    return state;
}

WITH_SHA static inline words sum(words left, words right) {
    return (words){_mm_add_epi32(left.abef, right.abef), _mm_add_epi32(left.cdgh, right.cdgh)};
}

typedef struct {
    __m128i words[4];
} schedule;

WITH_SHA static inline schedule begin(const uint8_t *block) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    schedule input;
    for (int i = 0; i < 4; i++)
        input.words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), big_endian);
    return input;
}

/* Puts the words of the fourth step from now in the place of those that step `i` has used. */
WITH_SHA static inline void expand(schedule *input, int i) {
    __m128i *words = input->words, last = words[(i + 3) & 3];
    __m128i next = _mm_sha256msg1_epu32(words[i & 3], words[(i + 1) & 3]);
    next = _mm_add_epi32(next, _mm_alignr_epi8(last, words[(i + 2) & 3], 4));
    words[i & 3] = _mm_sha256msg2_epu32(next, last);
}

/* A round waits for the one before it, so states that have nothing to do with each other take turns: one or two over
   `bytes`, and perhaps one over `others`, which may be copied meanwhile. Compiled for each of the sets that there are. */
WITH_SHA __attribute__((always_inline)) static inline void blocks(
    SHA256_CTX *first, SHA256_CTX *second, const uint8_t *bytes, SHA256_CTX *third, const uint8_t *others, uint8_t *copy,
    size_t count
) {
    words one = load(first), two = second ? load(second) : one, three = third ? load(third) : one;
    for (size_t done = 0; done < count; done++) {
        words one_before = one, two_before = two, three_before = three;
        schedule input = begin(bytes + 64 * done), other = third ? begin(others + 64 * done) : input;
        if (copy) memcpy(copy + 64 * done, others + 64 * done, 64);
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            __m128i constant = _mm_load_si128((const __m128i *)(constants + 4 * i));
            __m128i sums = _mm_add_epi32(input.words[i & 3], constant);
            one = four_rounds(one, sums);
            if (second) two = four_rounds(two, sums);
            if (third) three = four_rounds(three, _mm_add_epi32(other.words[i & 3], constant));
            /* Left alone, the compiler takes the steps of three states apart until it is out of registers. */
            if (second && third)
                __asm__("" : "+x"(one.abef), "+x"(one.cdgh), "+x"(two.abef), "+x"(two.cdgh), "+x"(three.abef), "+x"(three.cdgh));
            if (i >= 12) continue;
            expand(&input, i);
            if (third) expand(&other, i);
        }
        one = sum(one, one_before);
        if (second) two = sum(two, two_before);
        if (third) three = sum(three, three_before);
    }
    store(first, one, count);
    if (second) store(second, two, count);
    if (third) store(third, three, count);
}

WITH_SHA void ccrypto_blocks(
    SHA256_CTX *first, SHA256_CTX *second, const uint8_t *bytes, SHA256_CTX *third, const uint8_t *others, uint8_t *copy,
    size_t count
) {
    if (!third)
        blocks(first, second, bytes, NULL, NULL, NULL, count);
    else if (copy)
        second ? blocks(first, second, bytes, third, others, copy, count)
               : blocks(first, NULL, bytes, third, others, copy, count);
    else
        second ? blocks(first, second, bytes, third, others, NULL, count)
               : blocks(first, NULL, bytes, third, others, NULL, count);
}

/* Asked once: in a virtual machine the question costs as much as hashing a file. */
int ccrypto_sha256_takes_turns(void) {
    static atomic_int answer = -1;
    int known = atomic_load_explicit(&answer, memory_order_relaxed);
    if (known >= 0) return known;
    unsigned a, b, c, d, extended = 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) extended = b;
    if (!__get_cpuid(1, &a, &b, &c, &d)) c = 0;
    known = (extended & bit_SHA) != 0 && (c & bit_SSE4_1) != 0;
    atomic_store_explicit(&answer, known, memory_order_relaxed);
    return known;
}

#else

int ccrypto_sha256_takes_turns(void) { return 0; }

void ccrypto_blocks(
    SHA256_CTX *first, SHA256_CTX *second, const uint8_t *bytes, SHA256_CTX *third, const uint8_t *others, uint8_t *copy,
    size_t count
) {
    (void)first, (void)second, (void)bytes, (void)third, (void)others, (void)copy, (void)count;
}

#endif
