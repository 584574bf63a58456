#ifndef CCRYPTO_H
#define CCRYPTO_H

/* The plain functions, without the providers around them, which take longer to start than most files to hash. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stddef.h>

/// Passes the same bytes to two contexts.
///
/// Where both have come to the border of a block, and the processor has the instructions, each block is expanded once
/// and the two run side by side, for little more than one of them takes.
void ccrypto_sha256_update_both(SHA256_CTX *first, SHA256_CTX *second, const void *bytes, size_t count);

#endif
