/* The plain functions, without the providers around them, which take longer to start than most files to hash. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
