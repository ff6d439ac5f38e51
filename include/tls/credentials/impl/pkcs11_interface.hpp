// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// What twintls uses of PKCS#11 2.40 (OASIS): the layout of its structures on POSIX, and its numbers.
namespace tls::detail::pkcs11 {

using word = unsigned long; // CK_ULONG, and every handle
using answer = word;        // CK_RV

struct version {
    unsigned char major_number, minor_number;
};

struct attribute { // CK_ATTRIBUTE
    word type;
    void* value;
    word size;
};

struct mechanism { // CK_MECHANISM
    word type;
    void* parameter;
    word size;
};

struct mechanism_info { // CK_MECHANISM_INFO
    word least, most, flags;
};

struct pss_parameters { // CK_RSA_PKCS_PSS_PARAMS
    word hash, mask, salt_size;
};

struct initialize_arguments { // CK_C_INITIALIZE_ARGS
    void* mutexes[4];
    word flags;
    void* reserved;
};

struct token_info { // CK_TOKEN_INFO
    std::array<char, 32> label;
    std::array<char, 32> manufacturer;
    std::array<char, 16> model;
    std::array<char, 16> serial;
    word flags;
    word counts_and_sizes[10];
    version hardware, firmware;
    std::array<char, 16> time;
};

/// CK_FUNCTION_LIST. The functions that are not called have only their places.
struct functions {
    using other = void (*)();

    version supported;
    answer (*initialize)(void*);
    other finalize, get_info, get_function_list;
    answer (*get_slot_list)(unsigned char with_token, word* slots, word* count);
    other get_slot_info;
    answer (*get_token_info)(word slot, token_info*);
    other get_mechanism_list;
    answer (*get_mechanism_info)(word slot, word type, mechanism_info*);
    other init_token, init_pin, set_pin;
    answer (*open_session)(word slot, word flags, void*, void*, word* session);
    answer (*close_session)(word session);
    other close_all_sessions, get_session_info, get_operation_state, set_operation_state;
    answer (*login)(word session, word user, unsigned char const* pin, word size);
    other logout, create_object, copy_object, destroy_object, get_object_size;
    answer (*get_attribute_value)(word session, word object, attribute*, word count);
    other set_attribute_value;
    answer (*find_objects_init)(word session, attribute*, word count);
    answer (*find_objects)(word session, word* objects, word most, word* count);
    answer (*find_objects_final)(word session);
    other encrypt_init, encrypt, encrypt_update, encrypt_final;
    other decrypt_init, decrypt, decrypt_update, decrypt_final;
    other digest_init, digest, digest_update, digest_key, digest_final;
    answer (*sign_init)(word session, mechanism*, word key);
    answer (*sign)(word session, unsigned char const* data, word size, unsigned char* signature, word* length);
};

using get_function_list = answer (*)(functions**);

// Flags.
inline constexpr word initialize_os_locking = 0x2;
inline constexpr word session_serial = 0x4;
inline constexpr word token_login_required = 0x4;
inline constexpr word token_own_keypad = 0x100;
inline constexpr word token_initialized = 0x400;
inline constexpr word mechanism_signs = 0x800;

inline constexpr word user = 1;               // CKU_USER
inline constexpr word object_private_key = 3; // CKO_PRIVATE_KEY
inline constexpr word attribute_class = 0;    // CKA_CLASS
inline constexpr word attribute_label = 0x3;  // CKA_LABEL
inline constexpr word attribute_key_type = 0x100;
inline constexpr word attribute_id = 0x102;
inline constexpr word key_rsa = 0; // CKK_RSA
inline constexpr word key_ec = 3;  // CKK_EC

inline constexpr word mechanism_rsa_pkcs = 0x1;
inline constexpr word mechanism_rsa_pss = 0xd;
inline constexpr word mechanism_ecdsa = 0x1041;
inline constexpr word hash_sha256 = 0x250, hash_sha384 = 0x260, hash_sha512 = 0x270; // CKM_SHA...
inline constexpr word mask_sha256 = 2, mask_sha384 = 3, mask_sha512 = 4;             // CKG_MGF1_SHA...

// Answers.
inline constexpr answer ok = 0;
inline constexpr answer host_memory = 0x2;
inline constexpr answer pin_incorrect = 0xa0, pin_invalid = 0xa1, pin_length = 0xa2, pin_expired = 0xa3;
inline constexpr answer pin_locked = 0xa4;
inline constexpr answer already_logged_in = 0x100, not_logged_in = 0x101, pin_not_set = 0x102;
inline constexpr answer already_initialized = 0x191;

/// The specification's name of an answer; empty for one without a name here.
[[nodiscard]] constexpr std::string_view name(answer a) noexcept {
    switch (a) {
    case 0x2: return "CKR_HOST_MEMORY";
    case 0x3: return "CKR_SLOT_ID_INVALID";
    case 0x5: return "CKR_GENERAL_ERROR";
    case 0x6: return "CKR_FUNCTION_FAILED";
    case 0x7: return "CKR_ARGUMENTS_BAD";
    case 0x30: return "CKR_DEVICE_ERROR";
    case 0x31: return "CKR_DEVICE_MEMORY";
    case 0x32: return "CKR_DEVICE_REMOVED";
    case 0x54: return "CKR_FUNCTION_NOT_SUPPORTED";
    case 0x60: return "CKR_KEY_HANDLE_INVALID";
    case 0x63: return "CKR_KEY_TYPE_INCONSISTENT";
    case 0x68: return "CKR_KEY_FUNCTION_NOT_PERMITTED";
    case 0x70: return "CKR_MECHANISM_INVALID";
    case 0x71: return "CKR_MECHANISM_PARAM_INVALID";
    case 0x82: return "CKR_OBJECT_HANDLE_INVALID";
    case 0x90: return "CKR_OPERATION_ACTIVE";
    case 0xa0: return "CKR_PIN_INCORRECT";
    case 0xa1: return "CKR_PIN_INVALID";
    case 0xa2: return "CKR_PIN_LEN_RANGE";
    case 0xa3: return "CKR_PIN_EXPIRED";
    case 0xa4: return "CKR_PIN_LOCKED";
    case 0xb0: return "CKR_SESSION_CLOSED";
    case 0xb1: return "CKR_SESSION_COUNT";
    case 0xb3: return "CKR_SESSION_HANDLE_INVALID";
    case 0xe0: return "CKR_TOKEN_NOT_PRESENT";
    case 0xe1: return "CKR_TOKEN_NOT_RECOGNIZED";
    case 0x101: return "CKR_USER_NOT_LOGGED_IN";
    case 0x102: return "CKR_USER_PIN_NOT_INITIALIZED";
    case 0x150: return "CKR_BUFFER_TOO_SMALL";
    case 0x190: return "CKR_CRYPTOKI_NOT_INITIALIZED";
    default: return {};
    }
}

} // namespace tls::detail::pkcs11
