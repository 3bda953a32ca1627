// The loops that Swift cannot express: reductions, small-float and integer dot products.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "convert.h"
#include "files.h"
#include "fingerprint.h"
#include "logmel.h"
#include "matmul.h"
#include "minhash.h"
#include "threads.h"
#include "training.h"
#include "transformer.h"
#include "transformer_backward.h"

#endif
