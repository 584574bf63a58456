/* Placeholder header until the shim is written. */
#ifndef CLINUX_H
#define CLINUX_H
#endif
