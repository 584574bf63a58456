#include <stddef.h>
#include <stdint.h>

// libFuzzer has no header for this, its one entry for programs that bring a main function of their own.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run_one)(const uint8_t *data, size_t size));
