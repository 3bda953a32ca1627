// The loops that Swift cannot express: reductions, small-float and integer dot products.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "files.h"
#include "logmel.h"
#include "matmul.h"
#include "transformer.h"

#endif
