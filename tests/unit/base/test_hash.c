/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "counting.h"

static void expect_hash(const char *bytes, size_t len, size_t step, const char *want) {
    hcb__sha256 sha;
    char got[65];
    hcb__sha256_init(&sha);
    for (size_t i = 0; i < len; i += step)
        hcb__sha256_add(&sha, bytes + i, len - i < step ? len - i : step);
    hcb__sha256_hex(&sha, got);
    assert_string_equal(got, want);
}

/* FIPS 180-4 examples. */
static void test_sha256__published_values(void **state) {
    (void)state;
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    static const char four[] =
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
        "mnopqrstnopqrstu";
    expect_hash("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t step = 1; step < 70; step += 23) {
        expect_hash("abc", 3, step, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        expect_hash(two, sizeof two - 1, step, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        expect_hash(four, sizeof four - 1, step, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    }
    static char million[1000000];
    memset(million, 'a', sizeof million);
    expect_hash(million, sizeof million, 1009, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void test_idmap__finds_what_was_put(void **state) {
    (void)state;
    enum { N = 5000 };
    static char keys[N][8];
    counting memory;
    counting_init(&memory);
    hcb__idmap map;
    hcb__idmap_init(&map, &memory.mem);
    assert_int_equal(hcb__idmap_get(&map, "x", 1), -1);
    for (int i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "k%d", i);
        assert_int_equal(hcb__idmap_get(&map, keys[i], strlen(keys[i])), -1);
        assert_true(hcb__idmap_put(&map, keys[i], i));
    }
    for (int i = 0; i < N; i++)
        assert_int_equal(hcb__idmap_get(&map, keys[i], strlen(keys[i])), i);
    assert_int_equal(hcb__idmap_get(&map, "k4321 and more", 5), 4321);
    assert_int_equal(hcb__idmap_get(&map, "k", 1), -1);
    assert_int_equal(hcb__idmap_get(&map, "k5000", 5), -1);
    assert_int_equal(hcb__idmap_get(&map, "", 0), -1);
    hcb__idmap_free(&map);
    assert_int_equal(memory.alive, 0);
}

static void test_idmap__survives_a_lack_of_memory(void **state) {
    (void)state;
    counting memory;
    counting_init(&memory);
    hcb__idmap map;
    hcb__idmap_init(&map, &memory.mem);
    static char keys[40][4];
    for (int i = 0; i < 32; i++) {
        snprintf(keys[i], sizeof keys[i], "%d", i);
        assert_true(hcb__idmap_put(&map, keys[i], i));
    }
    for (int late = 1; late <= 2; late++) {
        memory.asked = 0;
        memory.fail_at = late; /* the table must grow now */
        assert_false(hcb__idmap_put(&map, "more", 32));
        assert_int_equal(hcb__idmap_get(&map, "more", 4), -1);
    }
    for (int i = 0; i < 32; i++)
        assert_int_equal(hcb__idmap_get(&map, keys[i], strlen(keys[i])), i);
    memory.fail_at = 0;
    assert_true(hcb__idmap_put(&map, "more", 32));
    hcb__idmap_free(&map);
    hcb__idmap_free(&map);
    assert_int_equal(memory.alive, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256__published_values),
        cmocka_unit_test(test_idmap__finds_what_was_put),
        cmocka_unit_test(test_idmap__survives_a_lack_of_memory),
    };
    return cmocka_run_group_tests_name("base.hash", tests, NULL, NULL);
}
