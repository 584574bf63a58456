#include "clinux.h"
typedef int clinux_translation_unit;
