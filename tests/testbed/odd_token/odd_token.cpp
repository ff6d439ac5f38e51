// SPDX-License-Identifier: Apache-2.0
#include <tls/credentials/impl/pkcs11_interface.hpp>

#include <cstdlib>
#include <string_view>

/// A PKCS#11 module with one token, "odd", and one RSA key, whose signatures are announced and never written. What else
/// is wrong with it is in the environment, in ODD_TOKEN, whenever it is opened.
namespace {

using namespace tls::detail::pkcs11;

bool is_told(std::string_view wrong) {
    char const* const told = std::getenv("ODD_TOKEN");
    return told != nullptr && told == wrong;
}

functions made() {
    functions f{};
    f.initialize = [](void*) { return ok; };
    f.get_slot_list = [](unsigned char, word* slots, word* count) {
        *count = 1;
        if (slots != nullptr) *slots = 0;
        return ok;
    };
    f.get_token_info = [](word, token_info* info) {
        *info = {};
        info->label = {'o', 'd', 'd'};
        info->flags = token_initialized;
        return ok;
    };
    f.get_mechanism_info = [](word, word, mechanism_info* info) {
        info->flags = mechanism_signs;
        return ok;
    };
    f.open_session = [](word, word, void*, void*, word*) { return ok; };
    f.close_session = [](word) { return ok; };
    f.login = [](word, word, unsigned char const*, word) { return ok; };
    f.get_attribute_value = [](word, word, attribute* wanted, word) {
        if (is_told("a type without size")) wanted->size = ~word{0}; // CK_UNAVAILABLE_INFORMATION
        if (is_told("a short type")) wanted->size = 1;
        return ok; // the value stays as it is, which is RSA
    };
    f.find_objects_init = [](word, attribute*, word) { return ok; };
    f.find_objects = [](word, word*, word, word* count) {
        *count = 1;
        return ok;
    };
    f.find_objects_final = [](word) { return ok; };
    f.sign_init = [](word, mechanism*, word) { return ok; };
    f.sign = [](word, unsigned char const*, word, unsigned char*, word* length) {
        *length = 256;
        return ok;
    };
    if (is_told("no C_Login")) f.login = nullptr;
    if (is_told("no C_Sign")) f.sign = nullptr;
    return f;
}

} // namespace

extern "C" answer C_GetFunctionList(functions** list) {
    static functions all;
    all = made();
    *list = &all;
    return ok;
}
