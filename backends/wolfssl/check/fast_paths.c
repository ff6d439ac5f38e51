/* SPDX-License-Identifier: Apache-2.0
 *
 * Two properties of the wolfSSL that was built, both invisible to every functional test:
 *
 *   taken   the AVX2 code for P-256, AES-GCM, ChaCha20 and Poly1305 and the assembly for X25519 run on a CPU with AVX2.
 * The linker puts a counter in front of each (--wrap), so this counts calls instead of measuring time. clean   no
 * operation leaves the upper halves of the vector registers dirty, which would slow the SHA-256 code that runs next by
 * two orders of magnitude. The processor itself tells: XGETBV with ECX=1, bit 2.
 *
 * Exit codes: 0 good, 1 bad, 77 this CPU cannot tell (ctest reports that as skipped).
 */
#include <cpuid.h>
#include <stdio.h>
#include <string.h>

#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/chacha20_poly1305.h>
#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/wolfmath.h>

enum { bad = 1, cannot_tell = 77, rounds = 20 };

#define COUNTED(function)                                                                                              \
    unsigned long calls_##function;                                                                                    \
    __asm__(".pushsection .text\n.globl __wrap_" #function "\n__wrap_" #function ":\n\tincq calls_" #function          \
            "(%rip)\n"                                                                                                 \
            "\tjmp __real_" #function "\n.popsection\n");
COUNTED(sp_256_mont_mul_avx2_4)
COUNTED(curve25519)
COUNTED(AES_GCM_encrypt_avx2)
COUNTED(chacha_encrypt_avx2)
COUNTED(poly1305_blocks_avx2)

static int failures;

static void require(int condition, char const* what) {
    if (!condition) {
        printf("FAILED: %s\n", what);
        failures++;
    }
}

/* ---- the upper halves -------------------------------------------------------------------------------- */

static int uppers_in_use(void) {
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(1));
    return (low >> 2) & 1;
}

static void clean_uppers(void) { __asm__ volatile("vzeroupper" ::: "xmm0"); }

static int cpu_tells(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_AVX)) return 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2) || !(b & bit_BMI2)) return 0;
    if (!__get_cpuid_count(0xd, 1, &a, &b, &c, &d) || !(a & 4)) return 0;
    clean_uppers();
    int const clean = !uppers_in_use();
    __asm__ volatile("vpcmpeqd %%ymm0, %%ymm0, %%ymm0" ::: "xmm0");
    int const dirty = uppers_in_use();
    clean_uppers();
    return clean && dirty;
}

#define LEAVES_CLEAN(name, call)                                                                                       \
    do {                                                                                                               \
        int result_ = 0, dirty_ = 0;                                                                                   \
        for (int i_ = 0; i_ < rounds; i_++) {                                                                          \
            clean_uppers();                                                                                            \
            result_ |= (call);                                                                                         \
            dirty_ += uppers_in_use();                                                                                 \
        }                                                                                                              \
        require(result_ == 0, name " works");                                                                          \
        require(dirty_ == 0, name " leaves the upper halves clean");                                                   \
        printf("%-28s dirty after %d of %d calls\n", name, dirty_, (int)rounds);                                       \
    } while (0)

/* ---- the operations ----------------------------------------------------------------------------------- */

static WC_RNG rng;
static byte const digest[32] = "a digest of thirty-two bytes....";

static int ecc_round(int curve, int size) {
    ecc_key mine, theirs;
    byte signature[160], shared[66];
    word32 signature_size = sizeof signature, shared_size = sizeof shared;
    int verified = 0, result = 0;
    wc_ecc_init(&mine);
    wc_ecc_init(&theirs);
    result |= wc_ecc_make_key_ex(&rng, size, &mine, curve);
    result |= wc_ecc_make_key_ex(&rng, size, &theirs, curve);
    result |= wc_ecc_set_rng(&mine, &rng);
    result |= wc_ecc_shared_secret(&mine, &theirs, shared, &shared_size);
    result |= wc_ecc_sign_hash(digest, sizeof digest, signature, &signature_size, &rng, &mine);
    result |= wc_ecc_verify_hash(signature, signature_size, digest, sizeof digest, &verified, &mine);
    wc_ecc_free(&theirs);
    wc_ecc_free(&mine);
    return result | !verified;
}

/* Verification alone, because it is what a handshake does three times. */
static ecc_key verify_key;
static byte verify_signature[80];
static word32 verify_signature_size = sizeof verify_signature;

static int verify_setup(void) {
    wc_ecc_init(&verify_key);
    return wc_ecc_make_key_ex(&rng, 32, &verify_key, ECC_SECP256R1) |
           wc_ecc_sign_hash(digest, sizeof digest, verify_signature, &verify_signature_size, &rng, &verify_key);
}

static int verify_once(void) {
    int verified = 0;
    int const result =
        wc_ecc_verify_hash(verify_signature, verify_signature_size, digest, sizeof digest, &verified, &verify_key);
    return result | !verified;
}

static int x25519_round(void) {
    curve25519_key mine, theirs;
    byte shared[32];
    word32 size = sizeof shared;
    int result = wc_curve25519_init(&mine) | wc_curve25519_init(&theirs);
    result |= wc_curve25519_make_key(&rng, 32, &mine) | wc_curve25519_make_key(&rng, 32, &theirs);
    result |= wc_curve25519_shared_secret(&mine, &theirs, shared, &size);
    wc_curve25519_free(&theirs);
    wc_curve25519_free(&mine);
    return result;
}

static byte plain[4096], cipher[4096], tag[16];
static byte const key[32] = "a key of thirty-two bytes......", iv[12] = "nonce";

static int gcm_round(void) {
    Aes aes;
    int result = wc_AesInit(&aes, NULL, INVALID_DEVID) | wc_AesGcmSetKey(&aes, key, 16);
    result |= wc_AesGcmEncrypt(&aes, cipher, plain, sizeof plain, iv, sizeof iv, tag, sizeof tag, NULL, 0);
    result |= wc_AesGcmDecrypt(&aes, plain, cipher, sizeof cipher, iv, sizeof iv, tag, sizeof tag, NULL, 0);
    wc_AesFree(&aes);
    return result;
}

static int chacha_round(void) {
    return wc_ChaCha20Poly1305_Encrypt(key, iv, NULL, 0, plain, sizeof plain, cipher, tag) |
           wc_ChaCha20Poly1305_Decrypt(key, iv, NULL, 0, cipher, sizeof cipher, tag, plain);
}

int main(void) {
    if (!cpu_tells()) {
        puts("skipped: this CPU lacks AVX2 or does not report the state of its vector registers through XGETBV");
        return cannot_tell;
    }
    require(wc_InitRng(&rng) == 0 && verify_setup() == 0, "set-up");

    LEAVES_CLEAN("ECDSA P-256 verify", verify_once());
    LEAVES_CLEAN("ECC P-256", ecc_round(ECC_SECP256R1, 32));
    LEAVES_CLEAN("ECC P-384", ecc_round(ECC_SECP384R1, 48));
    LEAVES_CLEAN("ECC P-521", ecc_round(ECC_SECP521R1, 66));
    LEAVES_CLEAN("X25519", x25519_round());
    LEAVES_CLEAN("AES-128-GCM", gcm_round());
    LEAVES_CLEAN("ChaCha20-Poly1305", chacha_round());

    require(calls_sp_256_mont_mul_avx2_4 > 0, "P-256 takes the AVX2 path");
    require(calls_curve25519 > 0, "X25519 takes the assembly");
    require(calls_AES_GCM_encrypt_avx2 > 0, "AES-GCM takes the AVX2 path");
    require(calls_chacha_encrypt_avx2 > 0, "ChaCha20 takes the AVX2 path");
    require(calls_poly1305_blocks_avx2 > 0, "Poly1305 takes the AVX2 path");

    wc_ecc_free(&verify_key);
    wc_FreeRng(&rng);
    puts(failures == 0 ? "the fast paths are taken and leave no dirty state" : "see above");
    return failures == 0 ? 0 : bad;
}
