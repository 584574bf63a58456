#ifndef CCRYPTO_BLOCKS_H
#define CCRYPTO_BLOCKS_H

#include "ccrypto.h"

#include <stdint.h>

/* Passes so many whole blocks of `bytes` to `first` and to `second`, and as many of `others` to `third`: one of the two
   may be null. `others` are copied to `copy`, unless that is null. All are at the border of a block, and they do take
   turns here. */
void ccrypto_blocks(SHA256_CTX *first, SHA256_CTX *second, const uint8_t *bytes,
                    SHA256_CTX *third, const uint8_t *others, uint8_t *copy, size_t count);

#endif
