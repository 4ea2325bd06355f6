/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fuzz target without libFuzzer: each file given, all its beginnings, and each of its bytes replaced by those that
 * matter to the formats. Large files are tried at fewer places. */
#include <string.h>

#include "fuzz.h"

static size_t places = 400;

static void replay(const char *path) {
    FILE *file = fopen(path, "rb");
    static uint8_t bytes[1 << 20];
    size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (!file) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, size);
    static const uint8_t special[] = "\0\"',;:\n\r\t #&*!{}[]-=\\0e\x7f\x80\xc3\xef\xff";
    size_t step = size / places + 1;
    for (size_t i = 0; i < size; i += step) {
        LLVMFuzzerTestOneInput(bytes, i);
        uint8_t was = bytes[i];
        for (size_t k = 0; k < sizeof special - 1; k++) {
            bytes[i] = special[k];
            LLVMFuzzerTestOneInput(bytes, size);
        }
        bytes[i] = was;
    }
}

int main(int argc, char **argv) {
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "--places") == 0) {
        places = (size_t)atoi(argv[2]);
        first = 3;
    }
    for (int i = first; i < argc; i++)
        replay(argv[i]);
    if (argc <= first || !places) {
        fprintf(stderr, "usage: %s [--places N] FILE...\n", argv[0]);
        return 2;
    }
    return 0;
}
