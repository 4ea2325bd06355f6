/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdalign.h>
#include <string.h>

#include "base/mem.h"
#include "counting.h"

static void test_mem__sizes_are_checked(void **state) {
    (void)state;
    counting memory;
    counting_init(&memory);
    assert_null(hcb__calloc(&memory.mem, SIZE_MAX / 2, 3));
    assert_null(hcb__realloc(&memory.mem, NULL, SIZE_MAX / 2, 3));
    assert_null(hcb__strndup(&memory.mem, "x", SIZE_MAX));
    assert_int_equal(memory.asked, 0);
    void *empty = hcb__malloc(&memory.mem, 0);
    char *zeroed = hcb__calloc(&memory.mem, 4, 4), *copy = hcb__strndup(&memory.mem, "text and more", 4);
    assert_non_null(empty);
    for (int i = 0; i < 16; i++)
        assert_int_equal(zeroed[i], 0);
    assert_string_equal(copy, "text");
    hcb__free(&memory.mem, empty);
    hcb__free(&memory.mem, zeroed);
    hcb__free(&memory.mem, copy);
    hcb__free(&memory.mem, NULL);
    assert_int_equal(memory.alive, 0);
}

static void test_arena__objects_are_apart_aligned_and_zeroed(void **state) {
    (void)state;
    enum { N = 3000 };
    static unsigned char *at[N];
    counting memory;
    counting_init(&memory);
    hcb__arena arena;
    hcb__arena_init(&arena, &memory.mem);
    for (int i = 0; i < N; i++) {
        size_t size = (size_t)(i % 97) + (i == 1500 ? 3 << 20 : 0);
        at[i] = hcb__arena_alloc(&arena, size, 1);
        assert_non_null(at[i]);
        assert_int_equal((uintptr_t)at[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(at[i][k], 0);
        memset(at[i], i % 251, size);
    }
    for (int i = 0; i < N; i++)
        for (int k = 0; k < i % 97; k++)
            assert_int_equal(at[i][k], i % 251);
    assert_string_equal(hcb__arena_strndup(&arena, "abcdef", 3), "abc");
    assert_true(memory.alive < 20);
    hcb__arena_release(&arena);
    assert_int_equal(memory.alive, 0);
    assert_non_null(hcb__arena_alloc(&arena, 1, 1)); /* usable again */
    hcb__arena_release(&arena);
    assert_int_equal(memory.alive, 0);
}

static void test_arena__refuses_what_it_cannot_give(void **state) {
    (void)state;
    counting memory;
    counting_init(&memory);
    hcb__arena arena;
    hcb__arena_init(&arena, &memory.mem);
    assert_null(hcb__arena_alloc(&arena, SIZE_MAX / 2, 3));
    assert_null(hcb__arena_alloc(&arena, SIZE_MAX - 3, 1));
    assert_null(hcb__arena_strndup(&arena, "x", SIZE_MAX));
    assert_int_equal(memory.asked, 0);
    char *first = hcb__arena_strndup(&arena, "kept", 4);
    memory.fail_at = 1;
    assert_null(hcb__arena_alloc(&arena, 10000, 1));
    assert_string_equal(first, "kept");
    assert_non_null(hcb__arena_alloc(&arena, 16, 1)); /* the first block has room */
    hcb__arena_release(&arena);
    assert_int_equal(memory.alive, 0);
}

static void test_vec__grows_and_keeps_what_it_had(void **state) {
    (void)state;
    counting memory;
    counting_init(&memory);
    HCB__VEC(int) v = {0};
    for (int i = 0; i < 1000; i++)
        assert_true(HCB__PUSH(&memory.mem, &v, i));
    for (int i = 0; i < 1000; i++)
        assert_int_equal(v.at[i], i);
    memory.fail_at = 1;
    size_t cap = v.cap;
    assert_false(HCB__RESERVE(&memory.mem, &v, cap + 1));
    assert_int_equal(v.cap, cap);
    assert_int_equal(v.at[999], 999);
    assert_false(HCB__RESERVE(&memory.mem, &v, SIZE_MAX / 2));
    HCB__VEC_FREE(&memory.mem, &v);
    assert_int_equal(memory.alive, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mem__sizes_are_checked),
        cmocka_unit_test(test_arena__objects_are_apart_aligned_and_zeroed),
        cmocka_unit_test(test_arena__refuses_what_it_cannot_give),
        cmocka_unit_test(test_vec__grows_and_keeps_what_it_had),
    };
    return cmocka_run_group_tests_name("base.mem", tests, NULL, NULL);
}
