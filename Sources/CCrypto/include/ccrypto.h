#ifndef CCRYPTO_H
#define CCRYPTO_H

/* The plain functions, without the providers around them, which take longer to start than most files to hash. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stddef.h>

/// Passes `bytes` to `first` and, unless it is null, to `second`, and `others` to `third`, unless that is null.
///
/// Where the contexts come to the borders of blocks, and the processor has the instructions, each block is expanded once
/// and the contexts take turns: three take a quarter longer than one of them alone.
///
/// `others` are copied to `copy`, unless that is null: the contexts wait for each other, and not for that.
void ccrypto_sha256_update_together(SHA256_CTX *first, SHA256_CTX *second, const void *bytes, size_t count,
                                    SHA256_CTX *third, const void *others, size_t other_count, void *copy);

/// Passes `bytes` to `context`, and copies them to `copy`, unless that is null.
void ccrypto_sha256_update_copying(SHA256_CTX *context, const void *bytes, size_t count, void *copy);

/// Not zero if the contexts take turns here. Otherwise each takes as long as it does alone.
int ccrypto_sha256_takes_turns(void);

#endif
